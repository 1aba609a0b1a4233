import type { Check } from '../api/types.ts';
import { resultText, resultTone, summary, worstFirst } from './checks.ts';
import { EvidenceText } from './EvidenceText.tsx';
import { Table } from './Table.tsx';
import { Tag } from './Tag.tsx';

/** Every right and limit that was looked at: what it is needed for, what was found, and the mend. */
export function CheckTable({ checks }: { checks: Check[] }) {
  return (
    <Table head={['Result', 'Looked at', 'Needed for', 'Found, and what to do']} testid="checks">
      {worstFirst(checks).map((check, index) => (
        <tr key={index} data-testid="check-row" data-result={check.result}>
          <td className="nowrap">
            <Tag tone={resultTone(check.result)} state={check.result}>
              {resultText(check.result)}
            </Tag>
          </td>
          <td>
            <EvidenceText value={check.name} limit={200} />
          </td>
          <td className="dim">
            <EvidenceText value={check.needed} limit={200} />
          </td>
          <td>
            <EvidenceText value={check.detail} limit={400} />
            {check.result === 'too_broad' && !check.mend && <div>Varve never needs it: take it away.</div>}
            {check.mend && (
              <div data-testid="check-mend">
                → <EvidenceText value={check.mend} limit={400} />
              </div>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** The same in one line: `1 missing · 14 ok`. */
export function CheckSummary({ checks }: { checks: Check[] }) {
  return (
    <span style={{ display: 'inline-flex', gap: 10 }} data-testid="check-summary">
      {summary(checks).map(({ result, count }) => (
        <Tag key={result} tone={resultTone(result)} state={result}>
          {count} {resultText(result)}
        </Tag>
      ))}
    </span>
  );
}
