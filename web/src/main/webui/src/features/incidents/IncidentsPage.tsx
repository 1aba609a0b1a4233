import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { incidents } from '@/api/incidents.ts';
import { count } from '@/ui/numbers.ts';
import { Empty, Failure, Loading } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { Table } from '@/ui/Table.tsx';
import { useTitle } from '@/ui/useTitle.ts';
import { useListKeys } from '@/ui/useListKeys.ts';
import { IncidentRow } from './IncidentRow.tsx';

const HEAD = ['Severity', 'Incident', 'Assets', 'Alerts', 'Captures', 'First seen', 'Last seen', 'Status'];

export function IncidentsPage() {
  const { data, error, isPending, refetch } = useQuery(incidents);
  const navigate = useNavigate();
  useTitle('Incidents');
  const items = data?.items ?? [];
  const { active } = useListKeys(items.length, (index) => {
    const chosen = items[index];
    if (chosen) {
      void navigate(`/incidents/${chosen.id}/forensics`);
    }
  });
  return (
    <div className="page">
      <div className="pageHead">
        <h1>Incidents</h1>
        {data && <span className="dim">{count(items.length)}</span>}
      </div>
      <Section title="Newest activity first">
        {isPending && <Loading rows={8} />}
        {error && !data && <Failure what="The incidents" error={error} retry={() => void refetch()} />}
        {data && items.length === 0 && (
          <Empty title="No incidents yet">
            An incident appears when a detection source sends its first alert. Create an API key under{' '}
            <Link to="/settings">Settings</Link> and point the source at{' '}
            <code>POST /api/v1/alerts/&lt;source&gt;</code>.
          </Empty>
        )}
        {items.length > 0 && (
          <Table head={HEAD} testid="incidents" numbers={['Alerts']}>
            {items.map((incident, index) => (
              <IncidentRow key={incident.id} incident={incident} active={index === active} />
            ))}
          </Table>
        )}
      </Section>
    </div>
  );
}
