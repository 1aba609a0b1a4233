import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call, query } from './client.ts';
import type { EventDetail, Facets, Histogram, TimelinePage } from './types.ts';

/** What a timeline search asks for; the same for rows, histogram and facets. */
export type TimelineSearch = {
  q: string;
  from: string;
  to: string;
  incident: string;
  asset: string;
  evidence: string;
  sort: 'asc' | 'desc';
};

export const FACET_FIELDS = [
  'host',
  'user',
  'data_type',
  'timestamp_desc',
  'parser',
  'event.action',
  'event.outcome',
  'process.name',
  'source.ip',
  'destination.ip',
  'service.name',
] as const;
/** While a source is still being read, the first page, the histogram and the facets are asked for again. */
const GROWING_MS = 3_000;
const PAGE = 200;
const FACET_SIZE = 15;

const filter = ({ q, from, to, incident, asset, evidence }: TimelineSearch) => ({
  q,
  from,
  to,
  incident,
  asset,
  evidence,
});

export const timeline = (search: TimelineSearch) =>
  infiniteQueryOptions({
    queryKey: ['timeline', 'rows', search],
    queryFn: ({ signal, pageParam }) =>
      call<TimelinePage>(
        query('timeline', { ...filter(search), sort: search.sort, limit: PAGE, cursor: pageParam }),
        {
          signal,
        },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.length === 1 && (data.pages[0]?.sources.running.length ?? 0) > 0 ? GROWING_MS : false,
    staleTime: 30_000,
  });

export const histogram = (search: TimelineSearch, growing: boolean) =>
  queryOptions({
    queryKey: ['timeline', 'histogram', filter(search)],
    queryFn: ({ signal }) =>
      call<Histogram>(query('timeline/histogram', { ...filter(search), buckets: 120 }), { signal }),
    refetchInterval: growing ? GROWING_MS : false,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

export const facets = (search: TimelineSearch, growing: boolean) =>
  queryOptions({
    queryKey: ['timeline', 'facets', filter(search)],
    queryFn: ({ signal }) =>
      call<Facets>(
        query('timeline/facets', { ...filter(search), fields: FACET_FIELDS.join(','), size: FACET_SIZE }),
        {
          signal,
        },
      ),
    refetchInterval: growing ? GROWING_MS : false,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

export const timelineEvent = (id: string) =>
  queryOptions({
    queryKey: ['timeline', 'event', id],
    queryFn: ({ signal }) => call<EventDetail>(`timeline/events/${encodeURIComponent(id)}`, { signal }),
    staleTime: 60_000,
  });
