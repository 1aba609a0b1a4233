import classes from './Progress.module.css';

/** How much is done; a moving bar when the total is not known. */
export function Progress({ done, total, label }: { done: number; total: number; label: string }) {
  const known = total > 0;
  const share = known ? Math.min(100, (100 * done) / total) : 100;
  return (
    <div
      className={classes.track}
      role="progressbar"
      aria-label={label}
      aria-valuenow={known ? Math.round(share) : undefined}
      data-testid="progress"
    >
      <div className={`${classes.bar} ${known ? '' : classes.unknown}`} style={{ width: `${share}%` }} />
    </div>
  );
}
