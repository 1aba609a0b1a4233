import { useQuery } from '@tanstack/react-query';
import { ApiError } from '@/api/client.ts';
import { timelineEvent, type TimelineSearch } from '@/api/timeline.ts';
import type { EventDetail, TimelineEvent } from '@/api/types.ts';
import { CopyText } from '@/ui/CopyText.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { timelineLink } from '@/ui/links.ts';
import { LocationChain } from '@/ui/LocationChain.tsx';
import { Empty, Failure, Loading } from '@/ui/Notice.tsx';
import { Time } from '@/ui/Time.tsx';
import { doubts } from '@/ui/time.ts';
import { Around } from './Around.tsx';
import { EventFields } from './EventFields.tsx';
import { EventLinks } from './EventLinks.tsx';
import type { Patch } from './patch.ts';
import classes from './TimelinePage.module.css';

type Props = {
  id: string;
  known: TimelineEvent | undefined;
  search: TimelineSearch;
  patch: Patch;
  onClose: () => void;
};

/** One event with everything that is known about it, beside the rows. */
export function EventDrawer({ id, known, search, patch, onClose }: Props) {
  const { data, error, isPending, refetch } = useQuery(timelineEvent(id));
  const event: TimelineEvent | EventDetail | undefined = data ?? known;
  return (
    <aside className={classes.drawer} data-testid="event-drawer" data-id={id}>
      <div className={classes.drawerHead}>
        {event && (
          <Time
            at={event.timestamp}
            precision={event.precision}
            zoneSource={event.zone_source}
            inferred={event.inferred}
            original={event.original}
          />
        )}
        <span className={classes.meaning} title={event?.timestamp_desc}>
          {event?.timestamp_desc}
        </span>
        <span className={classes.end}>
          {event && <CopyText value={JSON.stringify(event, null, 2)} label="copy JSON" testid="copy-json" />}
          <CopyText
            value={location.origin + timelineLink({ event: id })}
            label="copy link"
            testid="copy-link"
          />
          <button
            type="button"
            className={classes.plain}
            onClick={onClose}
            aria-label="Close"
            title="Close (Esc)"
          >
            ×
          </button>
        </span>
      </div>
      {!event && isPending && <Loading rows={10} height={18} />}
      {!event && error instanceof ApiError && error.status === 404 && (
        <Empty title="There is no such event">
          Its evidence may have been processed again, or the link is cut short.
        </Empty>
      )}
      {!event && error && !(error instanceof ApiError && error.status === 404) && (
        <Failure what="The event" error={error} retry={() => void refetch()} />
      )}
      {event && (
        <>
          <div className={classes.message} data-testid="event-message">
            <EvidenceText value={event.message} limit={2000} lines />
          </div>
          {doubts(event).map((doubt) => (
            <div key={doubt} className={classes.doubt}>
              {doubt}
            </div>
          ))}
          {event.original && (
            <div className="pad dim">
              Time as stored: <EvidenceText value={event.original} mono limit={120} />
            </div>
          )}
          <Around event={event} search={search} />
          <h3>Where it is</h3>
          <LocationChain location={event.location} />
          <EventLinks event={event} />
          <h3>Fields</h3>
          <EventFields event={event} search={search} patch={patch} />
        </>
      )}
    </aside>
  );
}
