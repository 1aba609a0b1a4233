import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from './client.ts';
import type { Agent, ApiKey, Enrolment, Items } from './types.ts';

export const agents = queryOptions({
  queryKey: ['agents'],
  queryFn: ({ signal }) => call<Items<Agent>>('agents', { signal }),
  refetchInterval: 5_000,
});

export const keys = queryOptions({
  queryKey: ['keys'],
  queryFn: ({ signal }) => call<Items<ApiKey>>('keys', { signal }),
});

export function useEnrol() {
  return useMutation({
    mutationFn: (name: string) =>
      call<Enrolment>('enrolments', { method: 'POST', body: name ? { name } : {} }),
  });
}

export function useCreateKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (key: { name: string; scopes: string[] }) =>
      call<ApiKey>('keys', { method: 'POST', body: key }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.queryKey }),
  });
}

export function useDeleteKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<void>(`keys/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.queryKey }),
  });
}
