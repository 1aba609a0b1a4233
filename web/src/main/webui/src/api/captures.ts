import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, query } from './client.ts';
import type { Capture, CaptureRequest, Items, Profile } from './types.ts';

export const profiles = queryOptions({
  queryKey: ['profiles'],
  queryFn: ({ signal }) => call<Items<Profile>>('profiles', { signal }),
  staleTime: 300_000,
});

export const captures = (asset: string) =>
  queryOptions({
    queryKey: ['captures', { asset }],
    queryFn: ({ signal }) => call<Items<Capture>>(query('captures', { asset }), { signal }),
    refetchInterval: 5_000,
  });

export function useCapture() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: CaptureRequest) => call<Capture>('captures', { method: 'POST', body: request }),
    onSettled: () => changed(client),
  });
}

export function useCancelCapture() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      call<Capture>(`captures/${encodeURIComponent(id)}/cancel`, { method: 'POST', body: {} }),
    onSettled: () => changed(client),
  });
}

function changed(client: ReturnType<typeof useQueryClient>) {
  void client.invalidateQueries({ queryKey: ['incident'] });
  void client.invalidateQueries({ queryKey: ['captures'] });
}
