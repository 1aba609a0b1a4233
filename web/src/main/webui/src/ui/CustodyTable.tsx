import type { Custody } from '../api/types.ts';
import { EvidenceText } from './EvidenceText.tsx';
import { Empty } from './Notice.tsx';
import { Table } from './Table.tsx';
import { Time } from './Time.tsx';

/** Who touched the evidence, when and how. Each entry holds the digest of the one before. */
export function CustodyTable({ entries }: { entries: Custody[] }) {
  if (entries.length === 0) {
    return <Empty title="No custody entries yet" />;
  }
  return (
    <Table head={['#', 'Time', 'Actor', 'Action', 'Detail', 'Digest']} testid="custody">
      {entries.map((entry) => (
        <tr key={entry.sequence} data-testid="custody-row">
          <td className="right">{entry.sequence}</td>
          <td>
            <Time at={entry.at} precision="millisecond" />
          </td>
          <td className="nowrap">
            <EvidenceText value={entry.actor} limit={60} />
          </td>
          <td className="nowrap">
            <EvidenceText value={entry.action} limit={60} />
          </td>
          <td>
            <EvidenceText value={entry.detail} limit={160} />
          </td>
          <td>
            <code title={`${entry.digest}\nprevious ${entry.previous}`}>
              {entry.digest.replace(/^sha256:/, '').slice(0, 12)}…
            </code>
          </td>
        </tr>
      ))}
    </Table>
  );
}
