import { local, utc } from '@/ui/time.ts';
import { useNow } from '@/ui/useNow.ts';
import classes from './Shell.module.css';

/** The time everything on these pages is in. */
export function UtcClock() {
  const now = new Date(useNow(1000)).toISOString();
  return (
    <time className={classes.clock} dateTime={now} title={local(now)} data-testid="utc-clock">
      {utc(now)}
      <small>UTC</small>
    </time>
  );
}
