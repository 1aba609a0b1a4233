import { Group, MultiSelect, NumberInput, TagsInput, TextInput } from '@mantine/core';
import type { Rule } from '@/api/types.ts';
import { SOURCES, sourceName } from '@/ui/sources.ts';

type Props = { rule: Rule; set: (change: Partial<Rule>) => void };

/** Which alerts a rule is about. */
export function RuleWhen({ rule, set }: Props) {
  const sources = [...new Set([...SOURCES, ...rule.sources])];
  return (
    <>
      <Group grow>
        <NumberInput
          label="Severity at least"
          min={0}
          max={100}
          value={rule.minimumSeverity}
          onChange={(value) => set({ minimumSeverity: Number(value) })}
        />
        <NumberInput
          label="Tried as number"
          min={1}
          value={rule.position}
          onChange={(value) => set({ position: Number(value) })}
        />
      </Group>
      <MultiSelect
        label="Sources"
        placeholder={rule.sources.length === 0 ? 'all' : undefined}
        data={sources.map((source) => ({ value: source, label: sourceName(source) }))}
        value={rule.sources}
        onChange={(chosen) => set({ sources: chosen })}
        data-testid="rule-sources"
      />
      <TagsInput
        label="ATT&CK techniques"
        placeholder={rule.techniques.length === 0 ? 'all' : undefined}
        value={rule.techniques}
        onChange={(techniques) => set({ techniques })}
      />
      <TextInput
        label="Assets"
        description="* stands for anything"
        required
        value={rule.assetPattern}
        onChange={(event) => set({ assetPattern: event.currentTarget.value })}
      />
    </>
  );
}
