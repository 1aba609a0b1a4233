import type { CoverageRow, CoverageStatus } from '@/api/types.ts';

/** What needs a look first comes first. */
export const STATUSES: CoverageStatus[] = ['failed', 'partial', 'unparsed', 'parsed', 'empty'];

/** Within one status: rows with warnings before those without; else as it came. */
export function warningsFirst(rows: CoverageRow[]): CoverageRow[] {
  return [...rows].sort((a, b) => Number(b.warnings.length > 0) - Number(a.warnings.length > 0));
}
