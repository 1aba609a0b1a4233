import { Group, MultiSelect, NumberInput, Select, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { profiles } from '@/api/captures.ts';
import type { Rule } from '@/api/types.ts';
import { offered, profileTitle } from '@/ui/profileWords.ts';
import { channelName, PROVIDERS } from '@/ui/sources.ts';
import { isAutomatic } from './channels.ts';
import { minutes, period } from './period.ts';

type Props = { rule: Rule; set: (change: Partial<Rule>) => void };

/** What a rule captures, through which channels, and what holds it back. */
export function RuleThen({ rule, set }: Props) {
  const known = useQuery(profiles);
  const automatic = isAutomatic(rule);
  // what one vendor brings in a way of its own is asked of that one alone
  const sole = rule.providers.length === 1 ? (rule.providers[0] ?? 'auto') : 'auto';
  const names = [
    ...new Set([
      rule.profile,
      ...offered(known.data?.items ?? [], sole).map(({ name }) => name),
      // findings name functions too, which AWS alone captures
      ...(sole === 'aws' ? offered([], sole, 'function').map(({ name }) => name) : []),
    ]),
  ];
  return (
    <>
      <MultiSelect
        label="Channels, in the order they are tried"
        description={
          automatic
            ? "Automatic: Varve's agent first; the vendors first when the host is contained."
            : 'The next is tried when one fails.'
        }
        placeholder={automatic ? 'automatic' : undefined}
        data={PROVIDERS.map((provider) => ({ value: provider, label: channelName(provider) }))}
        value={automatic ? [] : rule.providers}
        onChange={(chosen) => set({ providers: chosen.length > 0 ? chosen : ['auto'] })}
        data-testid="rule-providers"
      />
      <Group grow>
        <Select
          label="Profile"
          data={names.map((name) => ({ value: name, label: profileTitle(name) }))}
          value={rule.profile}
          allowDeselect={false}
          onChange={(value) => set({ profile: value ?? rule.profile })}
        />
        <NumberInput
          label="Patience when offline (minutes)"
          min={0}
          value={minutes(rule.patience) ?? 10}
          onChange={(value) => set({ patience: period(Number(value)) })}
          data-testid="rule-patience"
        />
      </Group>
      <Group grow>
        <NumberInput
          label="Not again within (minutes)"
          min={0}
          value={minutes(rule.dedupeWindow) ?? 60}
          onChange={(value) => set({ dedupeWindow: period(Number(value)) })}
        />
        <NumberInput
          label="At most a day"
          min={0}
          value={rule.dailyBudget}
          onChange={(value) => set({ dailyBudget: Number(value) })}
        />
      </Group>
      <Switch
        label="A person has to approve each capture"
        description="It waits on the incident until somebody approves or rejects it."
        checked={rule.approval === 'required'}
        onChange={(event) => set({ approval: event.currentTarget.checked ? 'required' : 'none' })}
        data-testid="rule-approval"
      />
      <Switch
        label="On"
        checked={rule.enabled}
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
    </>
  );
}
