import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from './client.ts';
import type { Integration, IntegrationForm, Items, Vendor } from './types.ts';

const CHECKING_MS = 1_500;

export const vendors = queryOptions({
  queryKey: ['vendors'],
  queryFn: ({ signal }) => call<Items<Vendor>>('integrations/vendors', { signal }),
  staleTime: Infinity,
});

export const integrations = queryOptions({
  queryKey: ['integrations'],
  queryFn: ({ signal }) => call<Items<Integration>>('integrations', { signal }),
  refetchInterval: 10_000,
});

/** `checking` says that a check has been asked for, so its result is looked for often. */
export const integration = (id: string, checking = false) =>
  queryOptions({
    queryKey: ['integrations', id],
    queryFn: ({ signal }) => call<Integration>(`integrations/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: checking ? CHECKING_MS : 10_000,
  });

/** Adds the integration when there is no id, else changes it. */
export function useSaveIntegration() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, form }: { id?: string; form: IntegrationForm }) =>
      id
        ? call<Integration>(`integrations/${encodeURIComponent(id)}`, { method: 'PUT', body: form })
        : call<Integration>('integrations', { method: 'POST', body: form }),
    onSuccess: (saved) => client.setQueryData(integration(saved.id).queryKey, saved),
    onSettled: () => client.invalidateQueries({ queryKey: integrations.queryKey, exact: true }),
  });
}

export function useDeleteIntegration() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<void>(`integrations/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: integrations.queryKey, exact: true }),
  });
}

/** Asks a worker to look at every right. */
export function useCheckIntegration() {
  return useMutation({
    mutationFn: (id: string) =>
      call<Integration>(`integrations/${encodeURIComponent(id)}/check`, { method: 'POST', body: {} }),
  });
}
