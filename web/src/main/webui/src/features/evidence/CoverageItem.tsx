import type { CoverageRow } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { bytes, count } from '@/ui/numbers.ts';
import { CoverageTag } from '@/ui/states.tsx';

/** Warnings shown for one file; the rest is counted. */
const SHOWN = 5;

export function CoverageItem({ row }: { row: CoverageRow }) {
  return (
    <tr data-testid="coverage-row" data-status={row.status}>
      <td>
        <CoverageTag status={row.status} />
      </td>
      <td>
        {row.volume && (
          <span className="dim">
            <EvidenceText value={row.volume} mono /> ›{' '}
          </span>
        )}
        <EvidenceText value={row.path} limit={240} mono />
        {row.warnings.slice(0, SHOWN).map(({ offset, reason }, index) => (
          <div key={index} style={{ color: 'var(--v-warn)' }}>
            {offset !== undefined && offset !== null && <span className="mono">at {count(offset)}: </span>}
            <EvidenceText value={reason} limit={300} />
          </div>
        ))}
        {row.warnings.length > SHOWN && (
          <div className="dim">and {count(row.warnings.length - SHOWN)} more warnings</div>
        )}
      </td>
      <td>{row.parser ? row.parser : <EvidenceText value={row.mediaType ?? 'no parser'} limit={80} />}</td>
      <td className="right nowrap">{bytes(row.size)}</td>
      <td className="right">{count(row.found)}</td>
      <td className="right">{count(row.parsed)}</td>
      <td className="right" style={row.rejected > 0 ? { color: 'var(--v-warn)' } : undefined}>
        {count(row.rejected)}
      </td>
      <td className="right">{count(row.events)}</td>
    </tr>
  );
}
