import { Link } from 'react-router';
import type { CoverageStatus, CoverageTotals, Evidence } from '@/api/types.ts';
import { count, plural } from '@/ui/numbers.ts';
import { Empty } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import classes from './ForensicsTab.module.css';

const STATUSES: [CoverageStatus, string][] = [
  ['parsed', 'Read in full'],
  ['partial', 'Read in part; the list says what was lost'],
  ['failed', 'Could not be read'],
  ['unparsed', 'No parser takes it'],
  ['empty', 'Nothing in it'],
];

/** What was read and what was not, by files and by records; each part leads to the list. */
export function CoverageStrip({ totals, evidence }: { totals: CoverageTotals; evidence: Evidence[] }) {
  const newest = evidence[0];
  const to = (status: string) =>
    newest ? `/evidence/${encodeURIComponent(newest.id)}?status=${status}#coverage` : '#';
  return (
    <Section
      title="Coverage"
      testid="coverage-strip"
      aside={
        <span>
          {plural(totals.files, 'file')} · {count(totals.records ?? totals.found)} records read ·{' '}
          <span style={totals.rejected > 0 ? { color: 'var(--v-warn)' } : undefined}>
            {count(totals.rejected)} rejected
          </span>{' '}
          · {count(totals.events)} events
        </span>
      }
    >
      {totals.files === 0 ? (
        <Empty title="Nothing has been read yet">
          An empty timeline says nothing about the machine until evidence has been read.
        </Empty>
      ) : (
        <div className="pad">
          <div className={classes.strip}>
            {STATUSES.filter(([status]) => totals[status] > 0).map(([status, means]) => (
              <Link
                key={status}
                to={to(status)}
                className={classes[status]}
                style={{ flexGrow: totals[status] }}
                title={`${count(totals[status])} ${status}: ${means}`}
                aria-label={`${totals[status]} ${status}`}
              />
            ))}
          </div>
          <div className={classes.legend}>
            {STATUSES.map(([status, means]) => (
              <Link key={status} to={to(status)} title={means} data-testid={`coverage-${status}`}>
                <span className={`${classes.swatch} ${classes[status]}`} />
                {count(totals[status])} {status}
              </Link>
            ))}
            {evidence.length > 1 && (
              <span className="dim">of all {evidence.length} evidence items; the links show the newest</span>
            )}
          </div>
        </div>
      )}
    </Section>
  );
}
