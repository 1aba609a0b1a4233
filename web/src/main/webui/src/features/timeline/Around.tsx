import { Link } from 'react-router';
import type { TimelineSearch } from '@/api/timeline.ts';
import type { TimelineEvent } from '@/api/types.ts';
import { around, timelineLink } from '@/ui/links.ts';

const WINDOWS: [string, number][] = [
  ['±1 min', 60_000],
  ['±10 min', 600_000],
  ['±1 h', 3_600_000],
];

/** Everything that happened around the event, whatever the search was; the event stays chosen. */
export function Around({ event, search }: { event: TimelineEvent; search: TimelineSearch }) {
  if (!event.timestamp) {
    return null;
  }
  const scope = { incident: search.incident, asset: search.asset, event: event.id, sort: 'asc' as const };
  return (
    <div className="pad">
      <span className="dim">Everything around it: </span>
      {WINDOWS.map(([name, length]) => (
        <Link
          key={name}
          style={{ marginRight: 10 }}
          to={timelineLink({ ...around(event.timestamp, length), ...scope })}
        >
          {name}
        </Link>
      ))}
    </div>
  );
}
