import type { CSSProperties } from 'react';
import type { TimelineEvent } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { cut, visible } from '@/ui/text.ts';
import { Time } from '@/ui/Time.tsx';
import classes from './TimelinePage.module.css';

/** What fits on the widest screen; the drawer has it all. */
const MESSAGE = 400;

type Props = {
  event: TimelineEvent;
  place: CSSProperties;
  active: boolean;
  chosen: boolean;
  open: () => void;
};

export function EventRow({ event, place, active, chosen, open }: Props) {
  const alerted = (event.alerts?.length ?? 0) > 0;
  return (
    <div
      className={classes.row}
      style={place}
      onClick={open}
      data-testid="timeline-row"
      data-id={event.id}
      data-active={active}
      data-chosen={chosen}
      data-alerted={alerted}
    >
      <span>
        <Time
          at={event.timestamp}
          precision={event.precision}
          zoneSource={event.zone_source}
          inferred={event.inferred}
          original={event.original}
        />
      </span>
      <span className={classes.soft} title={event.timestamp_desc}>
        {event.timestamp_desc}
      </span>
      <span>
        <EvidenceText value={event.host ?? ''} limit={80} />
      </span>
      <span>
        <EvidenceText value={event.user ?? ''} limit={80} />
      </span>
      <span className={classes.soft} title={event.data_type}>
        {event.data_type}
      </span>
      <span title={visible(event.message)}>
        {alerted && (
          <span
            className={classes.alerted}
            title="An alert is about this event"
            aria-label="An alert is about this event"
          >
            !
          </span>
        )}
        <EvidenceText value={cut(event.message, MESSAGE)} />
      </span>
    </div>
  );
}
