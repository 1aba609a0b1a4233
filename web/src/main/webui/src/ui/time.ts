const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/;

/** Digits after the second that each precision of the event schema can tell apart. */
const DIGITS: Record<string, number> = {
  nanosecond: 9,
  hundred_nanoseconds: 7,
  microsecond: 6,
  millisecond: 3,
  second: 0,
  two_seconds: 0,
};

/** `2026-11-22 01:00:19.371153Z`, exactly as precise as the record was. Anything else is answered as it came. */
export function utc(timestamp: string, precision = 'second'): string {
  const match = ISO.exec(timestamp);
  if (!match) {
    return timestamp;
  }
  const [, year, month, day, hour, minute, second, fraction = ''] = match;
  switch (precision) {
    case 'year':
      return `${year}`;
    case 'day':
      return `${year}-${month}-${day}`;
    case 'minute':
      return `${year}-${month}-${day} ${hour}:${minute}Z`;
    default: {
      const digits = DIGITS[precision] ?? 9;
      const part = digits === 0 ? '' : `.${fraction.padEnd(9, '0').slice(0, digits)}`;
      return `${year}-${month}-${day} ${hour}:${minute}:${second}${part}Z`;
    }
  }
}

export function utcDay(timestamp: string): string {
  return timestamp.slice(0, 10);
}

/** Local time with its zone, for tooltips. */
export function local(timestamp: string): string {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime())
    ? timestamp
    : `${date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })} local (${zone()})`;
}

function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** `14 min ago`, `in 2 h`. */
export function ago(timestamp: string, now: number): string {
  const seconds = Math.round((now - Date.parse(timestamp)) / 1000);
  if (Number.isNaN(seconds)) {
    return '';
  }
  const text = duration(Math.abs(seconds) * 1000);
  return seconds >= 0 ? `${text} ago` : `in ${text}`;
}

/** The two largest units: `3 d 4 h`, `12 s`. */
export function duration(milliseconds: number): string {
  const units: [string, number][] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ];
  let rest = milliseconds;
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) {
      parts.push(`${count} ${unit}`);
    }
    if (parts.length === 2 || (parts.length === 1 && unit === 's')) {
      break;
    }
  }
  return parts.length > 0 ? parts.join(' ') : `${Math.round(milliseconds)} ms`;
}

/** Why a time may be off by its zone or year; empty when the record states both. */
export function doubts(event: { zone_source?: string; inferred?: boolean; precision?: string }): string[] {
  const found: string[] = [];
  if (event.inferred) {
    found.push('A part of this time, such as the year, was not in the record and was inferred.');
  }
  if (event.zone_source === 'assumed') {
    found.push('Nothing states the zone: UTC was assumed.');
  }
  if (event.zone_source === 'host') {
    found.push("Zone taken from the host's own settings.");
  }
  if (event.zone_source === 'given') {
    found.push('Zone given by the person who started the run.');
  }
  if (event.precision === 'day' || event.precision === 'year') {
    found.push(`The record states the ${event.precision} only.`);
  }
  return found;
}
