import { queryOptions } from '@tanstack/react-query';
import { call } from './client.ts';
import type { Asset, Items } from './types.ts';

export const assets = queryOptions({
  queryKey: ['assets'],
  queryFn: ({ signal }) => call<Items<Asset>>('assets', { signal }),
  refetchInterval: 10_000,
});

export const asset = (id: string) =>
  queryOptions({
    queryKey: ['assets', id],
    queryFn: ({ signal }) => call<Asset>(`assets/${encodeURIComponent(id)}`, { signal }),
  });
