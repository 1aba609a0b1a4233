import { describe, expect, it } from 'vitest';
import { heights, label, times } from './histogram.ts';

const data = {
  from: '2026-11-22T00:00:00Z',
  to: '2026-11-22T00:02:00Z',
  interval: 'PT1M',
  undated: 0,
  buckets: [
    { at: '2026-11-22T00:00:00Z', count: 0 },
    { at: '2026-11-22T00:01:00Z', count: 99 },
  ],
};

describe('histogram', () => {
  it('ends the last bar where the range ends', () => {
    const { starts, ends } = times(data);
    expect(ends[0]).toBe(starts[1]);
    expect(ends[1]).toBe(Date.parse(data.to) / 1000);
  });
  it('keeps small bars visible on the log scale', () => {
    expect(heights(data, 'log')).toEqual([0, 2]);
    expect(heights(data, 'linear')).toEqual([0, 99]);
  });
  it('labels in UTC', () => {
    const at = Date.parse('2026-11-22T01:30:00Z') / 1000;
    expect(label(at, 900, false)).toBe('01:30');
    expect(label(at, 900, true)).toBe('11-22 01:30');
    expect(label(at, 86_400, false)).toBe('11-22');
    expect(label(at, 31_536_000, false)).toBe('2026');
  });
});
