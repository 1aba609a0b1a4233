import { useState } from 'react';
import { Link } from 'react-router';
import type { TimelineEvent } from '@/api/types.ts';
import { EventLine } from '@/ui/EventLine.tsx';
import { Empty } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';

/** Shown at first, so that the coverage below stays near. */
const SHOWN = 12;

/** The first events around the alerts, oldest first. */
export function FirstEvents({
  incident,
  events,
  more,
}: {
  incident: string;
  events: TimelineEvent[];
  more: string;
}) {
  const [all, setAll] = useState(false);
  return (
    <Section
      title="First relevant events"
      aside={<Link to={more}>all in the timeline</Link>}
      testid="first-events"
    >
      {events.length === 0 ? (
        <Empty title="No events around the alerts yet">
          They appear here while the evidence is being read. What was not read is named below.
        </Empty>
      ) : (
        (all ? events : events.slice(0, SHOWN)).map((event) => (
          <EventLine key={event.id} event={event} incident={incident} />
        ))
      )}
      {!all && events.length > SHOWN && (
        <div className="pad">
          <button type="button" onClick={() => setAll(true)}>
            {events.length - SHOWN} more events
          </button>
        </div>
      )}
    </Section>
  );
}
