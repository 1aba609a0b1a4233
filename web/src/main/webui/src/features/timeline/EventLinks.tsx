import { useQueries } from '@tanstack/react-query';
import { Link } from 'react-router';
import { alert } from '@/api/incidents.ts';
import type { EventDetail, TimelineEvent } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { timelineLink } from '@/ui/links.ts';
import classes from './TimelinePage.module.css';

/** The way back from an event: alerts about it, its asset, other copies of the same record. */
export function EventLinks({ event }: { event: TimelineEvent | EventDetail }) {
  const ids = event.alerts ?? [];
  const alerts = useQueries({ queries: ids.map((id) => alert(id)) });
  const alsoIn = 'alsoIn' in event ? event.alsoIn : [];
  const asset = 'asset' in event ? event.asset : undefined;
  return (
    <>
      {ids.length > 0 && <h3>Alerts about it</h3>}
      {alerts.map(({ data }, index) => (
        <div key={ids[index]} className="pad" data-testid="event-alert">
          <span className={classes.alerted}>!</span>
          {data?.incident ? (
            <Link to={`/incidents/${data.incident}/forensics?alert=${encodeURIComponent(data.id)}`}>
              <EvidenceText value={data.normalised?.title ?? data.id} limit={200} />
            </Link>
          ) : (
            <code>{ids[index]}</code>
          )}
        </div>
      ))}
      {asset && (
        <>
          <h3>Asset</h3>
          <div className="pad">
            <Link to={`/assets?asset=${encodeURIComponent(asset.id)}`}>
              <EvidenceText value={asset.name} limit={100} />
            </Link>
          </div>
        </>
      )}
      {alsoIn.length > 0 && <h3>Also in</h3>}
      {alsoIn.map((copy) => (
        <div key={copy.event} className="pad" data-testid="also-in">
          <Link to={timelineLink({ evidence: copy.evidence, event: copy.event })} className="mono">
            {copy.evidence}
          </Link>
        </div>
      ))}
    </>
  );
}
