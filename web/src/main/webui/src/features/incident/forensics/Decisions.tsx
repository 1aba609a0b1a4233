import type { Decision } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Empty } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { Table } from '@/ui/Table.tsx';
import { Tag, type Tone } from '@/ui/Tag.tsx';
import { Time } from '@/ui/Time.tsx';
import { words } from '@/ui/words.ts';

const TONE: Record<string, Tone> = {
  capture_requested: 'ok',
  already_captured: 'info',
  no_rule_matched: 'mute',
  no_asset: 'warn',
  unreachable: 'bad',
  budget_spent: 'warn',
};

/** Why a capture was taken, or not: one line for every alert and rule. */
export function Decisions({ decisions }: { decisions: Decision[] }) {
  return (
    <Section title="Why captured, or why not" aside={decisions.length} testid="decisions">
      {decisions.length === 0 ? (
        <Empty title="No decision yet" />
      ) : (
        <Table head={['Time', 'Outcome', 'Rule', 'Reason']}>
          {decisions.map((decision, index) => (
            <tr key={index} data-testid="decision-row">
              <td>
                <Time at={decision.at} />
              </td>
              <td>
                <Tag tone={TONE[decision.outcome] ?? 'mute'} state={decision.outcome}>
                  {words(decision.outcome)}
                </Tag>
              </td>
              <td>
                {decision.ruleName ? (
                  <EvidenceText value={decision.ruleName} limit={80} />
                ) : (
                  <span className="dim">none</span>
                )}
              </td>
              <td>
                <EvidenceText value={decision.reason} limit={400} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
