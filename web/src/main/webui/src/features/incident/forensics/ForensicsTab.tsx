import { Button } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { captureLink, timelineLink } from '@/ui/links.ts';
import { plural } from '@/ui/numbers.ts';
import { Failure, Loading } from '@/ui/Notice.tsx';
import { useIncidentView } from '../context.ts';
import { Captures } from './Captures.tsx';
import { Corroborations } from './Corroborations.tsx';
import { CoverageStrip } from './CoverageStrip.tsx';
import { Decisions } from './Decisions.tsx';
import { EvidenceCards } from './EvidenceCards.tsx';
import { Expiring } from './Expiring.tsx';
import { FirstEvents } from './FirstEvents.tsx';
import classes from './ForensicsTab.module.css';

/** What the machines say about the alerts. */
export function ForensicsTab() {
  const { incident, forensics, forensicsError, reload } = useIncidentView();
  const [search] = useSearchParams();
  if (!forensics) {
    return forensicsError ? (
      <Failure what="The forensics" error={forensicsError} retry={reload} />
    ) : (
      <Loading rows={12} height={28} />
    );
  }
  const preset = {
    ...forensics.timelineQuery,
    incident: forensics.timelineQuery.incident ?? incident.id,
    sort: 'asc' as const,
  };
  return (
    <div className={classes.tab} data-testid="forensics-tab">
      <div className={classes.actions}>
        <span className="dim">
          {forensics.evidence.length === 0
            ? 'Nothing has been captured yet.'
            : `${plural(forensics.coverage.events, 'event')} read from ${plural(forensics.evidence.length, 'evidence item')}`}
          {forensics.evidence.length > 1 && '; a record in several of them is one row of the timeline'}
        </span>
        <span className="spread">
          <Button component={Link} to={timelineLink(preset)} variant="default" data-testid="open-timeline">
            Open in timeline
          </Button>
          <Button
            component={Link}
            to={captureLink(search, { asset: incident.assets[0]?.id, incident: incident.id })}
            data-testid="capture-now"
          >
            Capture now
          </Button>
        </span>
      </div>
      <Captures captures={forensics.captures} assets={incident.assets} />
      <Expiring incident={incident.id} items={forensics.expiring ?? []} />
      <Corroborations incident={incident.id} alerts={forensics.alerts} totals={forensics.totals} />
      <FirstEvents incident={incident.id} events={forensics.firstEvents} more={timelineLink(preset)} />
      <CoverageStrip totals={forensics.coverage} evidence={forensics.evidence} />
      <EvidenceCards evidence={forensics.evidence} />
      <Decisions decisions={forensics.decisions} totals={forensics.totals} />
    </div>
  );
}
