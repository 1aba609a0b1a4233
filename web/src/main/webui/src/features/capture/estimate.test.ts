import { expect, it } from 'vitest';
import type { Capture } from '@/api/types.ts';
import { estimate } from './estimate.ts';

const past = (provider: string, done: number, seconds: number) =>
  ({
    state: 'captured',
    profile: 'triage',
    provider,
    done,
    startedAt: '2026-11-22T01:00:00Z',
    endedAt: new Date(Date.parse('2026-11-22T01:00:00Z') + seconds * 1000).toISOString(),
  }) as Capture;

it('takes the average of captures of the same kind', () => {
  const captures = [past('endpoint', 100, 10), past('endpoint', 300, 30), past('defender', 9_000, 900)];
  expect(estimate(captures, 'endpoint', 'triage')).toEqual({ bytes: 200, milliseconds: 20_000, from: 2 });
});

it('says the usual value where there is none', () => {
  expect(estimate([], 'endpoint', 'volatile')).toEqual({ bytes: 5_000_000, milliseconds: 120_000, from: 0 });
});
