import { expect, it } from 'vitest';
import type { CoverageRow } from '@/api/types.ts';
import { worstFirst } from './coverage.ts';

const row = (path: string, status: CoverageRow['status'], warnings: number) =>
  ({ path, status, warnings: Array(warnings).fill({ reason: 'cut short' }) }) as CoverageRow;

it('shows what could not be read before what was read', () => {
  const rows = [
    row('a', 'parsed', 0),
    row('b', 'parsed', 1),
    row('c', 'partial', 1),
    row('d', 'failed', 1),
    row('e', 'unparsed', 0),
  ];
  expect(worstFirst(rows).map(({ path }) => path)).toEqual(['d', 'c', 'e', 'b', 'a']);
});
