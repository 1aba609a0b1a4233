import { useHotkeys } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ApiError } from '@/api/client.ts';
import { timeline } from '@/api/timeline.ts';
import { count, plural } from '@/ui/numbers.ts';
import { Empty, Failure, Loading } from '@/ui/Notice.tsx';
import { useTitle } from '@/ui/useTitle.ts';
import { EventDrawer } from './EventDrawer.tsx';
import { EventRows } from './EventRows.tsx';
import { FacetPanel } from './FacetPanel.tsx';
import { HistogramPanel } from './HistogramPanel.tsx';
import { NoHits } from './NoHits.tsx';
import { ScopeChips } from './ScopeChips.tsx';
import { SearchBar } from './SearchBar.tsx';
import { useTimelineState } from './searchState.ts';
import { SourcesBanner } from './SourcesBanner.tsx';
import classes from './TimelinePage.module.css';

/** Every event of every evidence item, newest or oldest first; the address is the search. */
export function TimelinePage() {
  const [{ event: chosen, ...search }, patch] = useTimelineState();
  useTitle(search.q ? `${search.q} · Timeline` : 'Timeline');
  const rows = useInfiniteQuery(timeline(search));
  const events = useMemo(() => rows.data?.pages.flatMap((page) => page.events) ?? [], [rows.data]);
  useHotkeys([['Escape', () => chosen && patch({ event: '' }, true)]]);
  const first = rows.data?.pages[0];
  const badQuery =
    rows.error instanceof ApiError && rows.error.code === 'bad_query' ? rows.error.message : undefined;
  const running = (first?.sources.running.length ?? 0) > 0;
  return (
    <div className={classes.page} data-testid="timeline-page">
      <SearchBar search={search} patch={patch} problem={badQuery} />
      <div className={classes.status}>
        <span data-testid="timeline-total">
          {first ? <strong>{plural(first.total, 'event')}</strong> : '… events'}
          {first && events.length < first.total && (
            <span className="dim"> · {count(events.length)} loaded</span>
          )}
          {rows.isFetching && <span className="dim"> · reading…</span>}
        </span>
        <ScopeChips search={search} patch={patch} />
        {(search.from || search.to) && (
          <button type="button" onClick={() => patch({ from: '', to: '' })} data-testid="all-times">
            all times
          </button>
        )}
        <button
          type="button"
          onClick={() => patch({ sort: search.sort === 'asc' ? 'desc' : 'asc' })}
          data-testid="timeline-sort"
        >
          {search.sort === 'asc' ? 'oldest first ↑' : 'newest first ↓'}
        </button>
      </div>
      {first && <SourcesBanner sources={first.sources} />}
      <HistogramPanel search={search} growing={running} patch={patch} disabled={badQuery !== undefined} />
      <div className={classes.body}>
        <FacetPanel search={search} growing={running} patch={patch} disabled={badQuery !== undefined} />
        <div className={classes.rows}>
          {rows.isPending && <Loading rows={14} height={20} />}
          {rows.error && !badQuery && events.length === 0 && (
            <Failure what="The timeline" error={rows.error} retry={() => void rows.refetch()} />
          )}
          {badQuery && (
            <Empty title="The search could not be understood">See the message under the search box.</Empty>
          )}
          {first && !rows.error && events.length === 0 && (
            <NoHits search={search} sources={first.sources} patch={patch} />
          )}
          {events.length > 0 && !badQuery && (
            <EventRows
              key={JSON.stringify(search)}
              events={events}
              chosen={chosen}
              choose={(id) => patch({ event: id }, chosen !== '')}
              more={
                rows.hasNextPage && !rows.isFetchingNextPage ? () => void rows.fetchNextPage() : undefined
              }
              ended={!rows.hasNextPage}
            />
          )}
        </div>
        {chosen && (
          <EventDrawer
            key={chosen}
            id={chosen}
            known={events.find(({ id }) => id === chosen)}
            search={search}
            patch={patch}
            onClose={() => patch({ event: '' }, true)}
          />
        )}
      </div>
    </div>
  );
}
