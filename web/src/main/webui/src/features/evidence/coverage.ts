import type { CoverageRow, CoverageStatus } from '@/api/types.ts';

const ORDER: CoverageStatus[] = ['failed', 'partial', 'unparsed', 'empty', 'parsed'];

/** What needs a look first: failures, losses and warnings before what was read in full; else as it came. */
export function worstFirst(rows: CoverageRow[]): CoverageRow[] {
  return [...rows].sort((a, b) => rank(a) - rank(b));
}

function rank({ status, warnings }: CoverageRow): number {
  return ORDER.indexOf(status) * 2 + (warnings.length > 0 ? 0 : 1);
}
