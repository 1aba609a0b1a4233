import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { rules, useDeleteRule, useSaveRule } from '@/api/rules.ts';
import type { Rule } from '@/api/types.ts';
import { Banner, Empty, Failure, Loading } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { Table } from '@/ui/Table.tsx';
import { useTitle } from '@/ui/useTitle.ts';
import { RuleDialog } from './RuleDialog.tsx';
import { RuleRow } from './RuleRow.tsx';
import { SimulationDialog } from './SimulationDialog.tsx';

const HEAD = [
  'On',
  'Rule',
  'When an alert is',
  'Then capture',
  'Through',
  'Not again within',
  'At most a day',
  '',
];

/** What is captured without anybody asking. */
export function RulesPage() {
  const { data, error, isPending, refetch } = useQuery(rules);
  const save = useSaveRule();
  const remove = useDeleteRule();
  const [edited, setEdited] = useState<Rule | null>(null);
  const [simulated, setSimulated] = useState<Rule | null>(null);
  useTitle('Rules');
  const items = data?.items ?? [];
  const problem = save.error ?? remove.error;
  return (
    <div className="page">
      <div className="pageHead">
        <h1>Rules</h1>
        <span className="dim">tried from top to bottom; every capture not taken has a recorded reason</span>
        <span className="spread">
          <Button onClick={() => setEdited(blank(items.length + 1))} data-testid="rule-create">
            New rule
          </Button>
        </span>
      </div>
      {problem && !edited && <Banner tone="bad">{problem.message}</Banner>}
      <Section title="Rules">
        {isPending && <Loading rows={5} />}
        {error && !data && <Failure what="The rules" error={error} retry={() => void refetch()} />}
        {data && items.length === 0 && (
          <Empty title="No rules">Nothing is captured unless somebody asks for it.</Empty>
        )}
        {items.length > 0 && (
          <Table head={HEAD} testid="rules" numbers={['At most a day']}>
            {items.map((rule) => (
              <RuleRow
                key={rule.id}
                rule={rule}
                onTurn={() => save.mutate({ ...rule, enabled: !rule.enabled })}
                onSimulate={() => setSimulated(rule)}
                onEdit={() => setEdited(rule)}
                onDelete={() => confirm(`Delete the rule “${rule.name}”?`) && remove.mutate(rule.id)}
              />
            ))}
          </Table>
        )}
      </Section>
      {edited && (
        <RuleDialog
          rule={edited}
          busy={save.isPending}
          error={save.error}
          onSave={(rule) => save.mutate(rule, { onSuccess: () => setEdited(null) })}
          onSimulate={setSimulated}
          onClose={() => {
            save.reset();
            setEdited(null);
          }}
        />
      )}
      {simulated && <SimulationDialog rule={simulated} onClose={() => setSimulated(null)} />}
    </div>
  );
}

function blank(position: number): Rule {
  return {
    id: '',
    name: '',
    enabled: true,
    position,
    sources: [],
    minimumSeverity: 50,
    techniques: [],
    assetPattern: '*',
    providers: ['auto'],
    profile: 'triage',
    dedupeWindow: 'PT1H',
    dailyBudget: 20,
    patience: 'PT10M',
    approval: 'none',
  };
}
