import { useSearchParams } from 'react-router';
import type { TimelineSearch } from '@/api/timeline.ts';

/** Everything the timeline page shows follows from this, and this is the address. */
export type TimelineState = TimelineSearch & { event: string };

const NAMES = ['q', 'from', 'to', 'incident', 'asset', 'evidence', 'event'] as const;

export function readState(parameters: URLSearchParams): TimelineState {
  const value = (name: string) => parameters.get(name) ?? '';
  return {
    q: value('q'),
    from: value('from'),
    to: value('to'),
    incident: value('incident'),
    asset: value('asset'),
    evidence: value('evidence'),
    event: value('event'),
    sort: value('sort') === 'asc' ? 'asc' : 'desc',
  };
}

/** What is empty or as it would be anyway is left out of the address. */
export function writeState(state: TimelineState): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const name of NAMES) {
    if (state[name]) {
      parameters.set(name, state[name]);
    }
  }
  if (state.sort === 'asc') {
    parameters.set('sort', 'asc');
  }
  return parameters;
}

/** A change of the search is a step of the browser's history; `replace` is for moving within one. */
export function useTimelineState(): [
  TimelineState,
  (change: Partial<TimelineState>, replace?: boolean) => void,
] {
  const [parameters, setParameters] = useSearchParams();
  const state = readState(parameters);
  const patch = (change: Partial<TimelineState>, replace = false) =>
    setParameters((before) => writeState({ ...readState(before), ...change }), { replace });
  return [state, patch];
}

const LOOSE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?)?Z?$/;

/** What a person types as a time in UTC, as the server wants it; undefined when it is no time. */
export function parseUtc(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') {
    return '';
  }
  const match = LOOSE.exec(trimmed);
  if (!match) {
    return undefined;
  }
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = ''] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`;
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day) ? undefined : iso;
}
