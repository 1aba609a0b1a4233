import { queryOptions } from '@tanstack/react-query';
import { call, query, url } from './client.ts';
import type { FileNames, Look } from './types.ts';

export type Place = { evidence: string; volume: string | null; path: string };

/** A look at sealed evidence, asked for and followed until a worker's engine has answered. */
const look = (place: Place, kind: 'list' | 'read', offset?: number, length?: number) =>
  queryOptions({
    queryKey: ['look', kind, place.evidence, place.volume, place.path, offset, length],
    queryFn: async ({ signal, client, queryKey }): Promise<Look> => {
      const known = client.getQueryData<Look>(queryKey);
      return known && !known.endedAt
        ? call<Look>(`looks/${encodeURIComponent(known.id)}`, { signal })
        : call<Look>(`evidence/${encodeURIComponent(place.evidence)}/looks`, {
            method: 'POST',
            body: { kind, volume: place.volume ?? undefined, path: place.path, offset, length },
            signal,
          });
    },
    refetchInterval: ({ state: { data } }) => (data && !data.endedAt ? 400 : false),
    staleTime: 3_600_000,
    refetchOnWindowFocus: false,
    retry: false,
  });

export const folderLook = (place: Place) => look(place, 'list');

export const fileLook = (place: Place, offset: number, length: number) => look(place, 'read', offset, length);

/** The names that a look at a folder found, a page of them. */
export const names = (id: string, containing: string, from: number, limit: number) =>
  queryOptions({
    queryKey: ['look', 'names', id, containing, from, limit],
    queryFn: ({ signal }) =>
      call<FileNames>(query(`looks/${encodeURIComponent(id)}/names`, { containing, from, limit }), {
        signal,
      }),
    staleTime: 3_600_000,
  });

/** The bytes that a look at a file found. */
export const content = (id: string) =>
  queryOptions({
    queryKey: ['look', 'bytes', id],
    queryFn: async ({ signal }) => {
      const response = await fetch(bytesUrl(id), { signal, credentials: 'same-origin' });
      if (!response.ok) {
        throw new Error(`The server answered ${response.status}.`);
      }
      return new Uint8Array(await response.arrayBuffer());
    },
    staleTime: 3_600_000,
  });

/** Asks for a whole file and answers once it can be downloaded. */
export async function wholeFile(place: Place): Promise<Look> {
  let asked = await call<Look>(`evidence/${encodeURIComponent(place.evidence)}/looks`, {
    method: 'POST',
    body: { kind: 'read', volume: place.volume ?? undefined, path: place.path },
  });
  while (!asked.endedAt) {
    await new Promise((again) => setTimeout(again, 700));
    asked = await call<Look>(`looks/${encodeURIComponent(asked.id)}`);
  }
  return asked;
}

export function bytesUrl(id: string): string {
  return url(`looks/${encodeURIComponent(id)}/bytes`);
}
