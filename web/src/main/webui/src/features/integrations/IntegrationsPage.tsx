import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { integrations } from '@/api/integrations.ts';
import { count } from '@/ui/numbers.ts';
import { Empty, Failure, Loading } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { Table } from '@/ui/Table.tsx';
import { useListKeys } from '@/ui/useListKeys.ts';
import { useTitle } from '@/ui/useTitle.ts';
import { IntegrationRow } from './IntegrationRow.tsx';

const HEAD = ['Vendor', 'Name', 'State', 'Used for', 'Last contact', 'Alerts', 'Rights', 'Problem'];

/** The vendors Varve is connected to. */
export function IntegrationsPage() {
  const { data, error, isPending, refetch } = useQuery(integrations);
  const navigate = useNavigate();
  useTitle('Integrations');
  const items = data?.items ?? [];
  const { active } = useListKeys(items.length, (index) => {
    const chosen = items[index];
    if (chosen) {
      void navigate(`/integrations/${encodeURIComponent(chosen.id)}`);
    }
  });
  return (
    <div className="page">
      <div className="pageHead">
        <h1>Integrations</h1>
        {data && <span className="dim">{count(items.length)}</span>}
        <span className="spread">
          <Button component={Link} to="/integrations/new" data-testid="integration-add">
            Add an integration
          </Button>
        </span>
      </div>
      <Section title="Connected vendors">
        {isPending && <Loading rows={5} />}
        {error && !data && <Failure what="The integrations" error={error} retry={() => void refetch()} />}
        {data && items.length === 0 && (
          <Empty title="No vendor is connected">
            Connect CrowdStrike, Microsoft Defender or SentinelOne to capture hosts that are cut off from the
            network, and to fetch alerts; AWS, Azure or Google Cloud for disks, Kubernetes for pods.
            Darktrace, AWS, Google Cloud, Sentinel and any JSON webhook bring alerts. Add one, save, and test
            its rights.
          </Empty>
        )}
        {items.length > 0 && (
          <Table head={HEAD} testid="integrations" numbers={['Alerts']}>
            {items.map((integration, index) => (
              <IntegrationRow key={integration.id} integration={integration} active={index === active} />
            ))}
          </Table>
        )}
      </Section>
    </div>
  );
}
