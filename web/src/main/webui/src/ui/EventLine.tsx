import { Link } from 'react-router';
import type { TimelineEvent } from '../api/types.ts';
import { EvidenceText } from './EvidenceText.tsx';
import { Time } from './Time.tsx';
import { eventLink } from './links.ts';
import classes from './EventLine.module.css';

/** One event in one line, linked to its place in the timeline. */
export function EventLine({ event, incident }: { event: TimelineEvent; incident?: string }) {
  return (
    <Link to={eventLink(event, incident)} className={classes.line} data-testid="event-line">
      <Time
        at={event.timestamp}
        precision={event.precision}
        zoneSource={event.zone_source}
        inferred={event.inferred}
        original={event.original}
      />
      <span className={classes.message}>
        <EvidenceText value={event.message} limit={220} />
      </span>
      <span className={classes.type}>
        <EvidenceText value={event.data_type} />
      </span>
    </Link>
  );
}
