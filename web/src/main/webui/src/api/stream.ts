import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { url } from './client.ts';

/** Changes within this time cause one reload. */
const SETTLE_MS = 300;

/** Follows an incident's event stream and reloads what it shows. Answers whether the stream is up. */
export function useIncidentStream(id: string): boolean {
  const client = useQueryClient();
  const [live, setLive] = useState(false);
  useEffect(() => {
    const source = new EventSource(url(`incidents/${encodeURIComponent(id)}/stream`));
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const reload = () => {
      waiting ??= setTimeout(() => {
        waiting = undefined;
        void client.invalidateQueries({ queryKey: ['incident', id] });
        void client.invalidateQueries({ queryKey: ['incidents'] });
      }, SETTLE_MS);
    };
    source.addEventListener('changed', reload);
    source.onopen = () => setLive(true);
    source.onerror = () => setLive(false);
    return () => {
      clearTimeout(waiting);
      source.close();
      setLive(false);
    };
  }, [client, id]);
  return live;
}
