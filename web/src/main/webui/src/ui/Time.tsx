import { doubts, local, utc } from './time.ts';
import classes from './Time.module.css';

type Props = {
  at?: string | null;
  precision?: string;
  zoneSource?: string;
  inferred?: boolean;
  original?: string;
};

/** A time in UTC with the precision it has; the tooltip has local time and every reason for doubt. */
export function Time({ at, precision, zoneSource, inferred, original }: Props) {
  if (!at) {
    return <span className={classes.none}>undated</span>;
  }
  const reasons = doubts({ zone_source: zoneSource, inferred, precision });
  const title = [local(at), ...reasons, ...(original ? [`As stored: ${original}`] : [])].join('\n');
  const marked = inferred || zoneSource === 'assumed';
  return (
    <time className={classes.time} dateTime={at} title={title}>
      {utc(at, precision)}
      {marked && <span className={classes.mark}>{inferred ? '≈' : '?'}</span>}
    </time>
  );
}
