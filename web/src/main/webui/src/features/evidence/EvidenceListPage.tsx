import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { alarms } from '@/api/custody.ts';
import { evidenceList } from '@/api/evidence.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Banner, Empty, Failure, Loading } from '@/ui/Notice.tsx';
import { bytes, count, plural } from '@/ui/numbers.ts';
import { Section } from '@/ui/Section.tsx';
import { EvidenceTag } from '@/ui/states.tsx';
import { Table } from '@/ui/Table.tsx';
import { Time } from '@/ui/Time.tsx';
import { useTitle } from '@/ui/useTitle.ts';
import { useListKeys } from '@/ui/useListKeys.ts';

export function EvidenceListPage() {
  const { data, error, isPending, refetch } = useQuery(evidenceList());
  const troubled = useQuery(alarms);
  const navigate = useNavigate();
  useTitle('Evidence');
  const items = data?.items ?? [];
  const altered = troubled.data?.items.length ?? 0;
  const { active } = useListKeys(items.length, (index) => {
    const chosen = items[index];
    if (chosen) {
      void navigate(`/evidence/${encodeURIComponent(chosen.id)}`);
    }
  });
  return (
    <div className="page">
      <div className="pageHead">
        <h1>Evidence</h1>
        {data && <span className="dim">{count(items.length)}</span>}
      </div>
      {altered > 0 && (
        <Banner tone="bad" testid="evidence-alarm">
          {plural(altered, 'item')} {altered === 1 ? 'is' : 'are'} not as sealed: open the custody page of the
          ones marked.
        </Banner>
      )}
      <Section title="Sealed and being captured">
        {isPending && <Loading rows={8} />}
        {error && !data && <Failure what="The evidence" error={error} retry={() => void refetch()} />}
        {data && items.length === 0 && (
          <Empty title="No evidence yet">Evidence appears when a capture starts.</Empty>
        )}
        {items.length > 0 && (
          <Table
            head={['Evidence', 'Asset', 'Profile', 'State', 'Size', 'Events', 'Sealed', 'SHA-256']}
            testid="evidence-list"
            numbers={['Size', 'Events']}
          >
            {items.map((item, index) => (
              <tr key={item.id} data-testid="evidence-row" data-id={item.id} data-active={index === active}>
                <td>
                  <Link to={`/evidence/${encodeURIComponent(item.id)}`} className="mono nowrap">
                    {item.id}
                  </Link>
                </td>
                <td>
                  <EvidenceText value={item.asset.name} limit={60} />
                </td>
                <td>{item.profile}</td>
                <td>
                  <EvidenceTag evidence={item} />
                </td>
                <td className="right nowrap">{bytes(item.size)}</td>
                <td className="right">{count(item.processing?.events)}</td>
                <td>{item.sealedAt ? <Time at={item.sealedAt} /> : <span className="dim">not yet</span>}</td>
                <td>
                  <code title={item.sha256 ?? undefined}>
                    {item.sha256 ? `${item.sha256.slice(0, 12)}…` : ''}
                  </code>
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Section>
    </div>
  );
}
