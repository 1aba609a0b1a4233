import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { captures, profiles, useCapture } from '@/api/captures.ts';
import type { Asset } from '@/api/types.ts';
import { CaptureDialog } from '@/ui/CaptureDialog.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { timelineLink } from '@/ui/links.ts';
import { Empty, Failure } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { CaptureTag } from '@/ui/states.tsx';
import { Table } from '@/ui/Table.tsx';
import { Time } from '@/ui/Time.tsx';
import { words } from '@/ui/words.ts';
import { AgentTag } from './AgentTag.tsx';

/** One asset: its names, its captures, and a capture on demand. */
export function AssetPanel({ asset, onClose }: { asset: Asset; onClose: () => void }) {
  const taken = useQuery(captures(asset.id));
  const known = useQuery(profiles);
  const capture = useCapture();
  const [asking, setAsking] = useState(false);
  return (
    <Section
      testid="asset-panel"
      title={<EvidenceText value={asset.name} limit={80} />}
      aside={
        <>
          <AgentTag agent={asset.agent} />
          <Link to={timelineLink({ asset: asset.id })}>timeline</Link>
          <Button onClick={() => setAsking(true)} disabled={!asset.agent} data-testid="capture-now">
            Capture now
          </Button>
          <button type="button" onClick={onClose} aria-label="Close">
            ×
          </button>
        </>
      }
    >
      <Table head={['Kind', 'Name', 'Last seen']}>
        {asset.identifiers.map(({ kind, value, lastSeen }) => (
          <tr key={`${kind} ${value}`}>
            <td className="dim nowrap">{words(kind)}</td>
            <td>
              <EvidenceText value={value} limit={120} mono />
            </td>
            <td>
              <Time at={lastSeen} />
            </td>
          </tr>
        ))}
      </Table>
      {taken.error && !taken.data && (
        <Failure what="The captures" error={taken.error} retry={() => void taken.refetch()} />
      )}
      {taken.data?.items.length === 0 && <Empty title="Never captured" />}
      {taken.data && taken.data.items.length > 0 && (
        <Table head={['Capture', 'State', 'Requested']}>
          {taken.data.items.map((one) => (
            <tr key={one.id}>
              <td>{one.profile}</td>
              <td>
                <CaptureTag state={one.state} /> <EvidenceText value={one.text} limit={120} />
              </td>
              <td>
                <Time at={one.requestedAt} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      {asking && (
        <CaptureDialog
          assets={[asset]}
          profiles={known.data?.items ?? []}
          busy={capture.isPending}
          error={capture.error ?? known.error}
          onClose={() => setAsking(false)}
          onConfirm={(id, profile) =>
            capture.mutate(
              { asset: id, provider: 'endpoint', profile },
              { onSuccess: () => setAsking(false) },
            )
          }
        />
      )}
    </Section>
  );
}
