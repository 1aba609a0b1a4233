import { describe, expect, it } from 'vitest';
import type { TimelineEvent } from '@/api/types.ts';
import { rowsOf } from './rows.ts';

const event = (timestamp: string | null) => ({ id: timestamp, timestamp }) as TimelineEvent;

describe('timeline rows', () => {
  it('name every day and every quiet hour', () => {
    const rows = rowsOf([
      event('2026-11-22T01:00:00Z'),
      event('2026-11-22T01:10:00Z'),
      event('2026-11-22T05:10:00Z'),
      event('2026-11-23T05:11:00Z'),
      event(null),
    ]);
    expect(rows.map((row) => (row.kind === 'day' ? `${row.day} ${row.gap}`.trim() : row.index))).toEqual([
      '2026-11-22',
      0,
      1,
      '2026-11-22 4 h without events',
      2,
      '2026-11-23 1 d 1 min without events',
      3,
      'undated',
      4,
    ]);
  });
});
