import { useQuery } from '@tanstack/react-query';
import { profiles, useCapture } from '@/api/captures.ts';
import type { Named } from '@/api/types.ts';
import { CaptureDialog } from '@/ui/CaptureDialog.tsx';

type Props = { incident: string; assets: Named[]; onClose: () => void };

export function CaptureNow({ incident, assets, onClose }: Props) {
  const known = useQuery(profiles);
  const capture = useCapture();
  return (
    <CaptureDialog
      assets={assets}
      profiles={known.data?.items ?? []}
      busy={capture.isPending}
      error={capture.error ?? known.error}
      onClose={onClose}
      onConfirm={(asset, profile) =>
        capture.mutate({ asset, provider: 'endpoint', profile, incident }, { onSuccess: onClose })
      }
    />
  );
}
