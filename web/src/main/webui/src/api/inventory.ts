import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from './client.ts';
import type { Inventory, Named } from './types.ts';

const LISTING_MS = 1_500;
const RESTING_MS = 30_000;

/** What clouds and clusters hold; looked for often while a list is being made. */
export const inventory = (q: string, integration: string) =>
  queryOptions({
    queryKey: ['inventory', q, integration],
    queryFn: ({ signal }) => {
      const search = new URLSearchParams();
      if (q) search.set('q', q);
      if (integration) search.set('integration', integration);
      return call<Inventory>(`inventory?${search}`, { signal });
    },
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.sources.some(isListing) ? LISTING_MS : RESTING_MS),
  });

export function isListing(source: Inventory['sources'][number]): boolean {
  return Boolean(source.requestedAt) && !source.endedAt;
}

/** Asks a worker to list one integration again, or all of them. */
export function useListInventory() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (integration?: string) =>
      call<void>('inventory/lists', { method: 'POST', body: { integration: integration ?? null } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['inventory'] }),
  });
}

/** The asset that a listed machine is, made when it is not known yet. */
export function useChooseMachine() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (machine: { integration: string; id: string }) =>
      call<Named>('inventory/assets', { method: 'POST', body: machine }),
    onSettled: () => client.invalidateQueries({ queryKey: ['assets'] }),
  });
}
