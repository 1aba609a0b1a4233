import { Switch } from '@mantine/core';
import type { Rule } from '@/api/types.ts';
import { sourceName } from '@/ui/sources.ts';
import { channelsText } from './channels.ts';
import { periodText } from './period.ts';

type Props = {
  rule: Rule;
  onTurn: () => void;
  onSimulate: () => void;
  onEdit: () => void;
  onDelete: () => void;
};

export function RuleRow({ rule, onTurn, onSimulate, onEdit, onDelete }: Props) {
  return (
    <tr data-testid="rule-row" data-id={rule.id}>
      <td>
        <Switch
          aria-label={`${rule.name} is on`}
          checked={rule.enabled}
          onChange={onTurn}
          data-testid="rule-enabled"
        />
      </td>
      <td>{rule.name}</td>
      <td>
        severity {rule.minimumSeverity} or more
        {rule.sources.length > 0 && `, from ${rule.sources.map(sourceName).join(' or ')}`}
        {rule.techniques.length > 0 && `, about ${rule.techniques.join(' or ')}`}
        {rule.assetPattern !== '*' && `, on ${rule.assetPattern}`}
      </td>
      <td>
        {rule.profile}
        {rule.approval === 'required' && ', once a person approves it'}
      </td>
      <td>
        {channelsText(rule)}
        <div className="dim">next when offline for {periodText(rule.patience)}</div>
      </td>
      <td className="nowrap">{periodText(rule.dedupeWindow)}</td>
      <td className="right">{rule.dailyBudget}</td>
      <td className="nowrap">
        <button type="button" onClick={onSimulate} data-testid="rule-simulate">
          simulate
        </button>{' '}
        <button type="button" onClick={onEdit} data-testid="rule-edit">
          edit
        </button>{' '}
        <button type="button" onClick={onDelete} data-testid="rule-delete">
          delete
        </button>
      </td>
    </tr>
  );
}
