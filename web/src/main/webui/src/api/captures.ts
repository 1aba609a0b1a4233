import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, query } from './client.ts';
import type { Capture, CaptureRequest, Items, Preflight, Profile } from './types.ts';

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

/** The newest captures of all hosts, to estimate the next one from. */
export const newestCaptures = queryOptions({
  queryKey: ['captures', 'newest'],
  queryFn: ({ signal }) =>
    call<Items<Capture>>(query('captures', { state: 'captured', limit: 200 }), { signal }),
  staleTime: 60_000,
});

export const capture = (id: string) =>
  queryOptions({
    queryKey: ['captures', id],
    queryFn: ({ signal }) => call<Capture>(`captures/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state: { data } }) => (data && hasEnded(data.state) ? false : 1_500),
  });

/** A look at the host through this channel, asked for and followed until a worker has answered. */
export const preflight = (asset: string, provider: string, profile: string) =>
  queryOptions({
    queryKey: ['preflight', asset, provider, profile],
    queryFn: async ({ signal, client, queryKey }): Promise<Preflight> => {
      const known = client.getQueryData<Preflight>(queryKey);
      return known && !known.endedAt
        ? call<Preflight>(`preflights/${encodeURIComponent(known.id)}`, { signal })
        : call<Preflight>('preflights', { method: 'POST', body: { asset, provider, profile }, signal });
    },
    refetchInterval: ({ state: { data } }) => (data && !data.endedAt ? 1_000 : false),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    retry: false,
  });

export function hasEnded(state: Capture['state']): boolean {
  return state !== 'awaiting_approval' && state !== 'queued' && state !== 'running';
}

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

/** A person's yes or no to a capture that waits for one. */
export function useJudgeCapture(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ answer, reason }: { answer: 'approve' | 'reject'; reason: string }) =>
      call<Capture>(`captures/${encodeURIComponent(id)}/${answer}`, { method: 'POST', body: { reason } }),
    onSettled: () => changed(client),
  });
}

function changed(client: ReturnType<typeof useQueryClient>) {
  void client.invalidateQueries({ queryKey: ['incident'] });
  void client.invalidateQueries({ queryKey: ['captures'] });
}
