import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, url } from './client.ts';
import type { Evidence, Items, PackageExport, SigningKey } from './types.ts';

const path = (id: string) => `evidence/${encodeURIComponent(id)}`;

/** The public keys custody is and was signed with; newest first. */
export const signingKeys = queryOptions({
  queryKey: ['signingkeys'],
  queryFn: ({ signal }) => call<Items<SigningKey>>('signingkeys', { signal }),
});

export const exportsOf = (id: string) =>
  queryOptions({
    queryKey: ['evidence', id, 'exports'],
    queryFn: ({ signal }) => call<Items<PackageExport>>(`${path(id)}/exports`, { signal }),
    refetchInterval: (state) =>
      state.state.data?.items.some(({ state: one }) => one === 'preparing') ? 1_000 : false,
  });

/** Evidence that is not as it was sealed. */
export const alarms = queryOptions({
  queryKey: ['alarms'],
  queryFn: ({ signal }) => call<Items<Evidence>>('alarms', { signal }),
  refetchInterval: 30_000,
});

export function useExport(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      call<PackageExport>(`${path(id)}/exports`, { method: 'POST', body: { reason } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['evidence', id] }),
  });
}

export function useHold(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { held: boolean; reason: string }) =>
      call<Evidence>(`${path(id)}/care/hold`, { method: 'POST', body }),
    onSettled: () => client.invalidateQueries({ queryKey: ['evidence', id] }),
  });
}

export const packageUrl = (id: string, one: string) => url(`${path(id)}/exports/${one}/package`);
export const reportUrl = (id: string) => url(`${path(id)}/documents/custody.pdf`);
export const caseUrl = (id: string) => url(`${path(id)}/documents/custody.jsonld`);
