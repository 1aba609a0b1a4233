import { queryOptions } from '@tanstack/react-query';
import { call, callText, query } from './client.ts';
import type { Alert, Forensics, Incident, Items } from './types.ts';

export const incidents = queryOptions({
  queryKey: ['incidents'],
  queryFn: ({ signal }) => call<Items<Incident>>(query('incidents', { limit: 500 }), { signal }),
  refetchInterval: 10_000,
});

export const incident = (id: string) =>
  queryOptions({
    queryKey: ['incident', id],
    queryFn: ({ signal }) => call<Incident>(`incidents/${encodeURIComponent(id)}`, { signal }),
  });

export const incidentAlerts = (id: string) =>
  queryOptions({
    queryKey: ['incident', id, 'alerts'],
    queryFn: ({ signal }) => call<Items<Alert>>(query('alerts', { incident: id, limit: 500 }), { signal }),
  });

/** The Forensics tab in one answer. `live` says that the event stream is up, so polling may be slow. */
export const forensics = (id: string, live = false) =>
  queryOptions({
    queryKey: ['incident', id, 'forensics'],
    queryFn: ({ signal }) => call<Forensics>(`incidents/${encodeURIComponent(id)}/forensics`, { signal }),
    refetchInterval: live ? 15_000 : 4_000,
  });

export const rawAlert = (id: string) =>
  queryOptions({
    queryKey: ['alert', id, 'raw'],
    queryFn: ({ signal }) => callText(`alerts/${encodeURIComponent(id)}/raw`, signal),
    staleTime: Infinity,
  });

export const alert = (id: string) =>
  queryOptions({
    queryKey: ['alert', id],
    queryFn: ({ signal }) => call<Alert>(`alerts/${encodeURIComponent(id)}`, { signal }),
    staleTime: 60_000,
  });
