import {
  Button,
  Group,
  Modal,
  NumberInput,
  Select,
  Stack,
  Switch,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { profiles } from '@/api/captures.ts';
import type { Rule } from '@/api/types.ts';
import { Banner } from '@/ui/Notice.tsx';
import { minutes, period } from './period.ts';

type Props = {
  rule: Rule;
  busy: boolean;
  error: Error | null;
  onSave: (rule: Rule) => void;
  onClose: () => void;
};

export function RuleDialog({ rule, busy, error, onSave, onClose }: Props) {
  const [draft, setDraft] = useState(rule);
  const known = useQuery(profiles);
  const set = (change: Partial<Rule>) => setDraft({ ...draft, ...change });
  const names = [...new Set([draft.profile, ...(known.data?.items ?? []).map(({ name }) => name)])];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave(draft);
  };
  return (
    <Modal opened onClose={onClose} title={rule.id ? 'Edit rule' : 'New rule'}>
      <form onSubmit={submit} data-testid="rule-dialog">
        <Stack gap="xs">
          <TextInput
            label="Name"
            required
            value={draft.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
            data-testid="rule-name"
          />
          <Group grow>
            <NumberInput
              label="Severity at least"
              min={0}
              max={100}
              value={draft.minimumSeverity}
              onChange={(value) => set({ minimumSeverity: Number(value) })}
            />
            <NumberInput
              label="Tried as number"
              min={1}
              value={draft.position}
              onChange={(value) => set({ position: Number(value) })}
            />
          </Group>
          <TagsInput
            label="Sources"
            placeholder="all"
            value={draft.sources}
            onChange={(sources) => set({ sources })}
          />
          <TagsInput
            label="ATT&CK techniques"
            placeholder="all"
            value={draft.techniques}
            onChange={(techniques) => set({ techniques })}
          />
          <TextInput
            label="Assets"
            description="* stands for anything"
            required
            value={draft.assetPattern}
            onChange={(event) => set({ assetPattern: event.currentTarget.value })}
          />
          <Select
            label="Profile"
            data={names}
            value={draft.profile}
            allowDeselect={false}
            onChange={(value) => set({ profile: value ?? draft.profile })}
          />
          <Group grow>
            <NumberInput
              label="Not again within (minutes)"
              min={0}
              value={minutes(draft.dedupeWindow) ?? 60}
              onChange={(value) => set({ dedupeWindow: period(Number(value)) })}
            />
            <NumberInput
              label="At most a day"
              min={0}
              value={draft.dailyBudget}
              onChange={(value) => set({ dailyBudget: Number(value) })}
            />
          </Group>
          <Switch
            label="On"
            checked={draft.enabled}
            onChange={(event) => set({ enabled: event.currentTarget.checked })}
          />
          {error && <Banner tone="bad">{error.message}</Banner>}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} data-testid="rule-save">
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
