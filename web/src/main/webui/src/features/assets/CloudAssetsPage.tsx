import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { inventory, isListing, useChooseMachine, useListInventory } from '@/api/inventory.ts';
import type { Machine } from '@/api/types.ts';
import { captureLink } from '@/ui/links.ts';
import { count } from '@/ui/numbers.ts';
import { Banner, Empty, Failure, Loading } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { Table } from '@/ui/Table.tsx';
import { useListKeys } from '@/ui/useListKeys.ts';
import { useTitle } from '@/ui/useTitle.ts';
import classes from './AssetsPage.module.css';
import { AssetTabs } from './AssetTabs.tsx';
import { InventorySources } from './InventorySources.tsx';
import { MachineRow } from './MachineRow.tsx';

const HEAD = ['Machine', 'Kind', 'Where', 'State', 'Started', 'Tags', ''];

/** Everything that the connected clouds and clusters hold and that can be captured, alert or not. */
export function CloudAssetsPage() {
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const q = search.get('q') ?? '';
  const integration = search.get('integration') ?? '';
  const { data, error, isPending, refetch } = useQuery(inventory(q, integration));
  const list = useListInventory();
  const choose = useChooseMachine();
  useTitle('Clouds and clusters');
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  const capture = ({ integration }: Machine, id: string) =>
    choose.mutate(
      { integration, id },
      { onSuccess: ({ id: asset }) => void navigate(captureLink(search, { asset })) },
    );
  const items = data?.items ?? [];
  const sources = data?.sources ?? [];
  const listing = sources.some(isListing);
  const { active } = useListKeys(items.length, (index) => {
    const chosen = items[index];
    if (chosen && !chosen.goneAt) capture(chosen, chosen.id);
  });
  return (
    <div className="page">
      <div className="pageHead">
        <h1>Assets</h1>
        {data && <span className="dim">{count(data.total)}</span>}
      </div>
      <AssetTabs />
      {sources.length > 0 && (
        <InventorySources
          sources={sources}
          chosen={integration}
          onChoose={(id) => set('integration', id)}
          onList={(id) => list.mutate(id)}
        />
      )}
      {(list.error ?? choose.error) && (
        <Banner tone="bad" testid="inventory-problem">
          {(list.error ?? choose.error)?.message}
        </Banner>
      )}
      <Section
        title="Machines, pods, containers, buckets and functions"
        aside={
          sources.length > 0 && (
            <Button
              size="compact-sm"
              variant="default"
              loading={list.isPending}
              disabled={listing}
              onClick={() => list.mutate(undefined)}
              data-testid="list-all"
            >
              {listing ? 'Listing…' : 'List again'}
            </Button>
          )
        }
      >
        <SearchBox key={q} q={q} onSearch={(words) => set('q', words)} />
        {isPending && <Loading rows={8} />}
        {error && !data && <Failure what="The machines" error={error} retry={() => void refetch()} />}
        {data && sources.length === 0 && (
          <Empty title="No cloud is connected">
            Connect AWS, Azure, Google Cloud or a Kubernetes cluster under{' '}
            <Link to="/integrations">Integrations</Link>, with captures switched on; its machines are listed
            here.
          </Empty>
        )}
        {data && sources.length > 0 && items.length === 0 && (
          <Empty title={listing ? 'Listing…' : q ? 'Nothing has all of these words' : 'Nothing listed yet'}>
            {!listing &&
              !q &&
              'List the machines to search them and capture one without waiting for an alert.'}
            {q && 'Words are looked for in names, identifiers, places and tags (name=value).'}
          </Empty>
        )}
        {items.length > 0 && (
          <Table head={HEAD} testid="machines">
            {items.map((machine, index) => (
              <MachineRow
                key={`${machine.integration} ${machine.id}`}
                machine={machine}
                active={index === active}
                busy={choose.isPending}
                onCapture={(id) => capture(machine, id)}
              />
            ))}
          </Table>
        )}
        {data && data.total > items.length && (
          <div className={classes.more}>
            The first {count(items.length)} of {count(data.total)}; search for the others.
          </div>
        )}
      </Section>
    </div>
  );
}

/** Enter searches; the address changes with it. */
function SearchBox({ q, onSearch }: { q: string; onSearch: (words: string) => void }) {
  const [words, setWords] = useState(q);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch(words.trim());
  };
  return (
    <form className={classes.search} onSubmit={submit} role="search">
      <TextInput
        aria-label="Search machines"
        placeholder="Search, e.g. web eu-west-1 env=prod   (press / )"
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        spellCheck={false}
        autoComplete="off"
        data-search
        data-testid="machines-q"
      />
    </form>
  );
}
