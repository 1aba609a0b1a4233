import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, query, url } from './client.ts';
import type {
  CoverageRow,
  Custody,
  Evidence,
  EvidenceKey,
  EvidenceKeyKind,
  Items,
  Verification,
} from './types.ts';

export const evidenceList = (asset?: string) =>
  queryOptions({
    queryKey: ['evidence', { asset }],
    queryFn: ({ signal }) => call<Items<Evidence>>(query('evidence', { asset }), { signal }),
    refetchInterval: 10_000,
  });

export const evidence = (id: string) =>
  queryOptions({
    queryKey: ['evidence', id],
    queryFn: ({ signal }) => call<Evidence>(`evidence/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: (state) => (state.state.data && settled(state.state.data) ? false : 2_000),
  });

export const custody = (id: string) =>
  queryOptions({
    queryKey: ['evidence', id, 'custody'],
    queryFn: ({ signal }) => call<Items<Custody>>(`evidence/${encodeURIComponent(id)}/custody`, { signal }),
  });

export const coverage = (id: string, status: string, limit: number) =>
  queryOptions({
    queryKey: ['evidence', id, 'coverage', status, limit],
    queryFn: ({ signal }) =>
      call<Items<CoverageRow>>(query(`evidence/${encodeURIComponent(id)}/coverage`, { status, limit }), {
        signal,
      }),
  });

export function useVerify(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      call<Verification>(`evidence/${encodeURIComponent(id)}/verify`, { method: 'POST', body: {} }),
    onSettled: () => client.invalidateQueries({ queryKey: ['evidence', id] }),
  });
}

export const evidenceKeys = (id: string) =>
  queryOptions({
    queryKey: ['evidence', id, 'keys'],
    queryFn: ({ signal }) => call<Items<EvidenceKey>>(`evidence/${encodeURIComponent(id)}/keys`, { signal }),
  });

/** Gives a key; the evidence is read again with it. */
export function useAddKey(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (key: { kind: EvidenceKeyKind; value: string }) =>
      call<EvidenceKey>(`evidence/${encodeURIComponent(id)}/keys`, { method: 'POST', body: key }),
    onSettled: () => client.invalidateQueries({ queryKey: ['evidence', id] }),
  });
}

export function useRemoveKey(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (key: string) =>
      call<void>(`evidence/${encodeURIComponent(id)}/keys/${encodeURIComponent(key)}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['evidence', id] }),
  });
}

export function downloadUrl(id: string): string {
  return url(`evidence/${encodeURIComponent(id)}/download`);
}

function settled(item: Evidence): boolean {
  const processing = item.processing?.state;
  return item.state !== 'capturing' && processing !== 'running' && processing !== 'waiting';
}
