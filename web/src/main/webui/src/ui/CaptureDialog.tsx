import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Named, Profile } from '../api/types.ts';
import { EvidenceText } from './EvidenceText.tsx';
import { Banner } from './Notice.tsx';

type Props = {
  assets: Named[];
  profiles: Profile[];
  busy: boolean;
  error: Error | null;
  onConfirm: (asset: string, profile: string) => void;
  onClose: () => void;
};

/** Asks which asset and which profile, says what will happen on the host, and waits for a clear yes. */
export function CaptureDialog({ assets, profiles, busy, error, onConfirm, onClose }: Props) {
  const [asset, setAsset] = useState(assets[0]?.id ?? null);
  const [chosen, setProfile] = useState<string | null>(null);
  const profile = chosen ?? (profiles.find((one) => one.name === 'triage') ?? profiles[0])?.name ?? null;
  const described = profiles.find((one) => one.name === profile);
  return (
    <Modal opened onClose={onClose} title="Capture now">
      <Stack gap="sm" data-testid="capture-dialog">
        <Select
          label="Asset"
          data={assets.map(({ id, name }) => ({ value: id, label: name }))}
          value={asset}
          onChange={setAsset}
          allowDeselect={false}
        />
        <Select
          label="Profile"
          data={profiles.map(({ name }) => name)}
          value={profile}
          onChange={setProfile}
          allowDeselect={false}
          data-testid="capture-profile"
        />
        {described && (
          <Text size="sm" c="dimmed">
            <EvidenceText value={described.description} /> It asks for {described.artifacts.length} kinds of
            artefact: <EvidenceText value={described.artifacts.join(', ')} limit={300} />
          </Text>
        )}
        <Text size="sm">
          The agent on the host reads these files and sends them; what it touched is listed in the evidence.
          The capture is recorded under your name.
        </Text>
        {error && <Banner tone="bad">{error.message}</Banner>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={!asset || !profile}
            loading={busy}
            onClick={() => asset && profile && onConfirm(asset, profile)}
            data-testid="capture-confirm"
          >
            Capture
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
