import { useHotkeys } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { TimelineEvent } from '@/api/types.ts';
import { EventRow } from './EventRow.tsx';
import { rowsOf } from './rows.ts';
import classes from './TimelinePage.module.css';

const HEIGHT = 25;
/** The next page is asked for this many rows before the end. */
const AHEAD = 60;

type Props = {
  events: TimelineEvent[];
  chosen: string;
  choose: (event: string) => void;
  more: (() => void) | undefined;
  ended: boolean;
};

/** Only the rows in sight exist; j and k move, Enter opens. */
export function EventRows({ events, chosen, choose, more, ended }: Props) {
  const rows = useMemo(() => rowsOf(events), [events]);
  const scroll = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(() => events.findIndex(({ id }) => id === chosen));
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => HEIGHT,
    overscan: 20,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - AHEAD) {
      more();
    }
  }, [more, last, rows.length]);
  const show = (index: number) =>
    virtual.scrollToIndex(rows.findIndex((row) => row.kind === 'event' && row.index === index));
  useEffect(() => {
    if (active >= 0) {
      show(active);
    }
    // Only when the list appears with an event already chosen.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const move = (step: number) => {
    const next = Math.max(0, Math.min(events.length - 1, active + step));
    const event = events[next];
    setActive(next);
    show(next);
    if (chosen && event) {
      choose(event.id);
    }
  };
  const open = (index: number) => {
    const event = events[index];
    if (event) {
      setActive(index);
      choose(event.id);
    }
  };
  useHotkeys([
    ['j', () => move(1)],
    ['k', () => move(-1)],
    ['Enter', () => open(active), { preventDefault: false }],
  ]);
  return (
    <div className={`${classes.rows} ${chosen ? classes.narrow : ''}`}>
      <div className={classes.headRow}>
        {['Time (UTC)', chosen ? '' : 'What it means', 'Host', 'User', chosen ? '' : 'Type', 'Message'].map(
          (name, index) => (
            <span key={index}>{name}</span>
          ),
        )}
      </div>
      <div ref={scroll} className={classes.scroll} data-testid="timeline-rows">
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            const place = { transform: `translateY(${start}px)` };
            if (row?.kind === 'event') {
              const { event } = row;
              return (
                <EventRow
                  key={event.id}
                  event={event}
                  place={place}
                  active={row.index === active}
                  chosen={event.id === chosen}
                  open={() => open(row.index)}
                />
              );
            }
            return (
              row && (
                <div key={`day-${index}`} className={classes.day} style={place}>
                  <strong>{row.day}</strong> {row.gap}
                </div>
              )
            );
          })}
        </div>
        {ended && <div className="pad dim">End of the timeline.</div>}
      </div>
    </div>
  );
}
