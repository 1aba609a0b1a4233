import { Link } from 'react-router';
import type { Decision, Forensics } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Empty } from '@/ui/Notice.tsx';
import { count } from '@/ui/numbers.ts';
import { outcomeText, outcomeTone } from '@/ui/outcomes.ts';
import { Section } from '@/ui/Section.tsx';
import { Table } from '@/ui/Table.tsx';
import { Tag } from '@/ui/Tag.tsx';
import { Time } from '@/ui/Time.tsx';

/** Why a capture was taken, or not: one line for every alert and rule. */
export function Decisions({ decisions, totals }: { decisions: Decision[]; totals: Forensics['totals'] }) {
  const all = Object.values(totals?.decisions ?? {}).reduce((sum, number) => sum + number, 0);
  return (
    <Section
      title="Why captured, or why not"
      aside={
        all > decisions.length
          ? `${count(decisions.length)} of ${count(all)}, the most telling`
          : decisions.length
      }
      testid="decisions"
    >
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
                <Tag tone={outcomeTone(decision.outcome)} state={decision.outcome}>
                  {outcomeText(decision.outcome)}
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
                <EvidenceText value={decision.reason} limit={400} />{' '}
                {decision.capture && (
                  <Link to={`/captures/${encodeURIComponent(decision.capture)}`}>capture</Link>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
