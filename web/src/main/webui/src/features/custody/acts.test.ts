import { expect, it } from 'vitest';
import { act, brokenLinks } from './acts.ts';

const NONE = '0'.repeat(64);
const entry = (sequence: number, digest: string, previous: string) => ({ sequence, digest, previous });

it('finds no broken link in a chain whose entries hold the digest before', () => {
  expect(brokenLinks([entry(1, 'a', NONE), entry(2, 'b', 'a'), entry(3, 'c', 'b')])).toEqual([]);
});

it('names the entry after one that was removed or altered', () => {
  expect(brokenLinks([entry(1, 'a', NONE), entry(3, 'c', 'b')])).toEqual([3]);
  expect(brokenLinks([entry(1, 'x', NONE), entry(2, 'b', 'a')])).toEqual([2]);
});

it('shows an action it does not know as it is', () => {
  expect(act('moon.seen')).toBe('moon.seen');
});
