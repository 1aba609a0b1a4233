import { expect, it } from 'vitest';
import type { CoverageRow } from '@/api/types.ts';
import { warningsFirst } from './coverage.ts';

const row = (path: string, warnings: number) =>
  ({ path, warnings: Array(warnings).fill({ reason: 'cut short' }) }) as CoverageRow;

it('shows rows with warnings before those without, and keeps their order', () => {
  const rows = [row('a', 0), row('b', 1), row('c', 0), row('d', 2)];
  expect(warningsFirst(rows).map(({ path }) => path)).toEqual(['b', 'd', 'a', 'c']);
});
