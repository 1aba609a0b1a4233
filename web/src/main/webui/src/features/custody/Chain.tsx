import type { Custody, Lineage } from '@/api/types.ts';
import { CopyText } from '@/ui/CopyText.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Time } from '@/ui/Time.tsx';
import { act, brokenLinks } from './acts.ts';
import classes from './Custody.module.css';

/** The log drawn entry by entry: who, when, what, and how each holds on to the one before. */
export function Chain({ entries }: { entries: Custody[] }) {
  const broken = new Set(brokenLinks(entries));
  return (
    <ol className={classes.chain} data-testid="custody-chain">
      {entries.map((entry, index) => {
        const next = entries[index + 1];
        return (
          <li
            key={entry.sequence}
            className={classes.entry}
            data-testid="chain-entry"
            data-next={next && broken.has(next.sequence) ? 'broken' : 'whole'}
          >
            <span className={classes.number} data-broken={broken.has(entry.sequence)}>
              {entry.sequence}
            </span>
            <div>
              <div className={classes.what}>
                <span className={classes.title}>
                  <EvidenceText value={act(entry.action)} limit={80} />
                </span>
                <span>
                  by <EvidenceText value={entry.actor} limit={80} />
                </span>
                <Time at={entry.at} precision="millisecond" />
              </div>
              <div className={classes.detail}>
                <EvidenceText value={entry.detail} limit={400} />
              </div>
              {entry.lineage && <Origin lineage={entry.lineage} />}
              <div className={classes.digests}>
                {broken.has(entry.sequence) ? (
                  <strong style={{ color: 'var(--v-bad)' }}>
                    does not hold the digest of the entry before
                  </strong>
                ) : (
                  <span>
                    {index === 0 ? 'first entry' : `holds the digest of entry ${entry.sequence - 1}`}
                  </span>
                )}
                , its own is <code title={entry.digest}>{entry.digest.slice(0, 24)}…</code>{' '}
                <CopyText value={entry.digest} />
              </div>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** Where in a cloud the bytes came from. */
function Origin({ lineage }: { lineage: Lineage }) {
  const { requests, ...names } = lineage;
  const facts = [...Object.entries(names), ['requests', requests.join(', ')]];
  return (
    <div className={classes.lineage} data-testid="lineage">
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <span key={name}>
            <span className="dim">{name}</span> <EvidenceText value={String(value)} limit={200} mono />
          </span>
        ))}
    </div>
  );
}
