import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Rule } from '@/api/types.ts';
import { Banner } from '@/ui/Notice.tsx';
import { RuleThen } from './RuleThen.tsx';
import { RuleWhen } from './RuleWhen.tsx';

type Props = {
  rule: Rule;
  busy: boolean;
  error: Error | null;
  onSave: (rule: Rule) => void;
  onSimulate: (rule: Rule) => void;
  onClose: () => void;
};

export function RuleDialog({ rule, busy, error, onSave, onSimulate, onClose }: Props) {
  const [draft, setDraft] = useState(rule);
  const set = (change: Partial<Rule>) => setDraft({ ...draft, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave(draft);
  };
  return (
    <Modal opened onClose={onClose} title={rule.id ? 'Edit rule' : 'New rule'} size={560}>
      <form onSubmit={submit} data-testid="rule-dialog">
        <Stack gap="xs">
          <TextInput
            label="Name"
            required
            value={draft.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
            data-testid="rule-name"
          />
          <RuleWhen rule={draft} set={set} />
          <RuleThen rule={draft} set={set} />
          {error && <Banner tone="bad">{error.message}</Banner>}
          <Group justify="flex-end">
            <Button
              variant="default"
              onClick={() => onSimulate(draft)}
              disabled={!draft.name.trim()}
              mr="auto"
              data-testid="draft-simulate"
            >
              Simulate
            </Button>
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
