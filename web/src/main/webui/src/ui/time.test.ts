import { describe, expect, it } from 'vitest';
import { ago, doubts, duration, utc } from './time.ts';

const AT = '2026-11-22T01:00:19.371153400Z';

describe('times', () => {
  it.each([
    ['nanosecond', '2026-11-22 01:00:19.371153400Z'],
    ['hundred_nanoseconds', '2026-11-22 01:00:19.3711534Z'],
    ['microsecond', '2026-11-22 01:00:19.371153Z'],
    ['millisecond', '2026-11-22 01:00:19.371Z'],
    ['second', '2026-11-22 01:00:19Z'],
    ['two_seconds', '2026-11-22 01:00:19Z'],
    ['minute', '2026-11-22 01:00Z'],
    ['day', '2026-11-22'],
    ['year', '2026'],
  ])('show the precision the record has: %s', (precision, text) => {
    expect(utc(AT, precision)).toBe(text);
  });
  it('are left alone when they are no UTC timestamp', () => {
    expect(utc('Nov 22 01:00')).toBe('Nov 22 01:00');
    expect(utc('1601-01-01T00:00:00Z')).toBe('1601-01-01 00:00:00Z');
  });
  it('tell how long ago', () => {
    expect(ago('2026-11-22T01:00:00Z', Date.parse('2026-11-22T03:14:00Z'))).toBe('2 h 14 min ago');
    expect(ago('2026-11-22T01:00:10Z', Date.parse('2026-11-22T01:00:00Z'))).toBe('in 10 s');
    expect(duration(93_600_000)).toBe('1 d 2 h');
    expect(duration(12)).toBe('12 ms');
  });
  it('say why they may be wrong', () => {
    expect(doubts({ zone_source: 'utc', inferred: false })).toEqual([]);
    expect(doubts({ zone_source: 'assumed', inferred: true })).toHaveLength(2);
  });
});
