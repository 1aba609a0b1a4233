import { Button, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { rules, useDeleteRule, useSaveRule } from '@/api/rules.ts';
import type { Rule } from '@/api/types.ts';
import { Banner, Empty, Failure, Loading } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { Table } from '@/ui/Table.tsx';
import { useTitle } from '@/ui/useTitle.ts';
import { periodText } from './period.ts';
import { RuleDialog } from './RuleDialog.tsx';

const HEAD = ['On', 'Rule', 'When an alert is', 'Then capture', 'Not again within', 'At most a day', ''];

/** What is captured without anybody asking. */
export function RulesPage() {
  const { data, error, isPending, refetch } = useQuery(rules);
  const save = useSaveRule();
  const remove = useDeleteRule();
  const [edited, setEdited] = useState<Rule | null>(null);
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
              <tr key={rule.id} data-testid="rule-row" data-id={rule.id}>
                <td>
                  <Switch
                    aria-label={`${rule.name} is on`}
                    checked={rule.enabled}
                    onChange={() => save.mutate({ ...rule, enabled: !rule.enabled })}
                    data-testid="rule-enabled"
                  />
                </td>
                <td>{rule.name}</td>
                <td>
                  severity {rule.minimumSeverity} or more
                  {rule.sources.length > 0 && `, from ${rule.sources.join(' or ')}`}
                  {rule.techniques.length > 0 && `, about ${rule.techniques.join(' or ')}`}
                  {rule.assetPattern !== '*' && `, on ${rule.assetPattern}`}
                </td>
                <td>
                  {rule.profile} by {rule.provider}
                </td>
                <td className="nowrap">{periodText(rule.dedupeWindow)}</td>
                <td className="right">{rule.dailyBudget}</td>
                <td className="nowrap">
                  <button type="button" onClick={() => setEdited(rule)} data-testid="rule-edit">
                    edit
                  </button>{' '}
                  <button
                    type="button"
                    onClick={() => confirm(`Delete the rule “${rule.name}”?`) && remove.mutate(rule.id)}
                    data-testid="rule-delete"
                  >
                    delete
                  </button>
                </td>
              </tr>
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
          onClose={() => {
            save.reset();
            setEdited(null);
          }}
        />
      )}
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
    provider: 'endpoint',
    profile: 'triage',
    dedupeWindow: 'PT1H',
    dailyBudget: 20,
  };
}
