import type { TimelineEvent } from '@/api/types.ts';
import { duration, utcDay } from '@/ui/time.ts';

/** A line of the list: an event, the day it begins, or the quiet time before it. */
export type Row =
  { kind: 'event'; event: TimelineEvent; index: number } | { kind: 'day'; day: string; gap: string };

/** Shorter quiet times are not worth a word. */
const GAP_MS = 3_600_000;

export function rowsOf(events: TimelineEvent[]): Row[] {
  const rows: Row[] = [];
  let before: TimelineEvent | undefined;
  events.forEach((event, index) => {
    const day = event.timestamp ? utcDay(event.timestamp) : 'undated';
    const gap = quiet(before, event);
    if (!before || day !== dayOf(before) || gap) {
      rows.push({ kind: 'day', day, gap });
    }
    rows.push({ kind: 'event', event, index });
    before = event;
  });
  return rows;
}

function dayOf(event: TimelineEvent): string {
  return event.timestamp ? utcDay(event.timestamp) : 'undated';
}

function quiet(before: TimelineEvent | undefined, event: TimelineEvent): string {
  if (!before?.timestamp || !event.timestamp) {
    return '';
  }
  const length = Math.abs(Date.parse(event.timestamp) - Date.parse(before.timestamp));
  return length >= GAP_MS ? `${duration(length)} without events` : '';
}
