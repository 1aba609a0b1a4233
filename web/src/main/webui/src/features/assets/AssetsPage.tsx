import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { assets } from '@/api/assets.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { count } from '@/ui/numbers.ts';
import { Empty, Failure, Loading } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { Table } from '@/ui/Table.tsx';
import { Time } from '@/ui/Time.tsx';
import { useListKeys } from '@/ui/useListKeys.ts';
import { useTitle } from '@/ui/useTitle.ts';
import { AgentTag } from './AgentTag.tsx';
import { AssetPanel } from './AssetPanel.tsx';
import classes from './AssetsPage.module.css';
import { AssetTabs } from './AssetTabs.tsx';

/** Hosts and other things alerts are about, whatever names they go by. */
export function AssetsPage() {
  const { data, error, isPending, refetch } = useQuery(assets);
  const [parameters, setParameters] = useSearchParams();
  useTitle('Assets');
  const items = data?.items ?? [];
  const chosen = items.find(({ id }) => id === parameters.get('asset'));
  const open = (id: string | undefined) => setParameters(id ? { asset: id } : {});
  const { active } = useListKeys(items.length, (index) => open(items[index]?.id));
  return (
    <div className="page">
      <div className="pageHead">
        <h1>Assets</h1>
        {data && <span className="dim">{count(items.length)}</span>}
      </div>
      <AssetTabs />
      <div className={chosen ? classes.split : undefined}>
        <Section title="Known assets">
          {isPending && <Loading rows={8} />}
          {error && !data && <Failure what="The assets" error={error} retry={() => void refetch()} />}
          {data && items.length === 0 && (
            <Empty title="No assets yet">
              An asset appears when an agent enrols, an alert names a machine, or one is captured from a
              cloud.
            </Empty>
          )}
          {items.length > 0 && (
            <Table head={['Asset', 'Agent', 'Known as', 'First seen']} testid="assets">
              {items.map((asset, index) => (
                <tr
                  key={asset.id}
                  data-testid="asset-row"
                  data-id={asset.id}
                  data-active={index === active || asset === chosen}
                  onClick={() => open(asset.id)}
                  style={{ cursor: 'pointer' }}
                >
                  <td>
                    <EvidenceText value={asset.name} limit={80} />
                  </td>
                  <td>
                    <AgentTag agent={asset.agent} />
                  </td>
                  <td className="dim">
                    <EvidenceText
                      value={asset.identifiers.map(({ value }) => value).join(' · ')}
                      limit={140}
                    />
                  </td>
                  <td>
                    <Time at={asset.createdAt} />
                  </td>
                </tr>
              ))}
            </Table>
          )}
        </Section>
        {chosen && <AssetPanel key={chosen.id} asset={chosen} onClose={() => open(undefined)} />}
      </div>
    </div>
  );
}
