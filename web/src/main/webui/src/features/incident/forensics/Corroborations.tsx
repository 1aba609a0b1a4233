import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Forensics } from '@/api/types.ts';
import { EventLine } from '@/ui/EventLine.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Empty } from '@/ui/Notice.tsx';
import { count } from '@/ui/numbers.ts';
import { Section } from '@/ui/Section.tsx';
import { CorroborationTag } from '@/ui/states.tsx';
import { Tag, type Tone } from '@/ui/Tag.tsx';
import { Time } from '@/ui/Time.tsx';
import { words } from '@/ui/words.ts';
import { titleOf } from '../context.ts';
import classes from './ForensicsTab.module.css';

const SHOWN = 5;
const SOURCE_TONE: Record<string, Tone> = { read: 'ok', partial: 'warn', not_collected: 'mute' };

type Props = { incident: string; alerts: Forensics['alerts']; totals: Forensics['totals'] };

/** What the evidence says about each alert, why, and the events behind it. */
export function Corroborations({ incident, alerts, totals }: Props) {
  const all = totals?.alerts ?? alerts.length;
  return (
    <Section
      title="Does the evidence bear the alerts out?"
      aside={
        all > alerts.length &&
        `${count(alerts.length)} of ${count(all)} alerts, the most severe · ${counted(totals)}`
      }
      testid="corroboration"
    >
      {alerts.length === 0 && <Empty title="No alerts" />}
      {alerts.map((one) => (
        <CorroborationRow key={one.alert.id} incident={incident} {...one} />
      ))}
    </Section>
  );
}

/** `3 confirmed · 120 not seen`, of all alerts. */
function counted(totals: Forensics['totals']): string {
  return Object.entries(totals?.corroborations ?? {})
    .filter(([, number]) => number > 0)
    .map(([state, number]) => `${count(number)} ${words(state)}`)
    .join(' · ');
}

function CorroborationRow({
  incident,
  alert,
  corroboration,
}: Forensics['alerts'][number] & { incident: string }) {
  const [parameters] = useSearchParams();
  const [all, setAll] = useState(false);
  const row = useRef<HTMLDivElement>(null);
  const chosen = parameters.get('alert') === alert.id;
  useEffect(() => {
    if (chosen) {
      row.current?.scrollIntoView({ block: 'nearest' });
    }
  }, [chosen]);
  const { events, sources } = corroboration;
  return (
    <div
      ref={row}
      className={classes.alert}
      data-active={chosen}
      data-testid="corroboration-row"
      data-alert={alert.id}
    >
      <div className={classes.alertHead}>
        <CorroborationTag state={corroboration.state} />
        <strong>
          <EvidenceText value={titleOf(alert)} limit={200} />
        </strong>
        <Time at={alert.normalised?.firstSeen ?? alert.receivedAt} />
      </div>
      <div className={classes.alertBody}>
        <div data-testid="corroboration-reason">
          <EvidenceText value={corroboration.reason} />
        </div>
        {sources.length > 0 && (
          <div className={classes.sources}>
            {sources.map(({ name, status }) => (
              <Tag key={name} tone={SOURCE_TONE[status] ?? 'mute'}>
                <EvidenceText value={name} limit={60} /> {words(status)}
              </Tag>
            ))}
          </div>
        )}
      </div>
      <div className={classes.events}>
        {(all ? events : events.slice(0, SHOWN)).map((event) => (
          <EventLine key={event.id} event={event} incident={incident} />
        ))}
        {events.length > SHOWN && !all && (
          <button type="button" onClick={() => setAll(true)} style={{ marginLeft: 12 }}>
            {events.length - SHOWN} more events
          </button>
        )}
      </div>
    </div>
  );
}
