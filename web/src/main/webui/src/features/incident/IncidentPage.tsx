import { useQuery } from '@tanstack/react-query';
import { Outlet, useParams } from 'react-router';
import { forensics, incident, incidentAlerts } from '@/api/incidents.ts';
import { useIncidentStream } from '@/api/stream.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Failure, Loading } from '@/ui/Notice.tsx';
import { Severity } from '@/ui/Severity.tsx';
import { Tabs } from '@/ui/Tabs.tsx';
import { Tag } from '@/ui/Tag.tsx';
import { useTitle } from '@/ui/useTitle.ts';
import { AlertList } from './AlertList.tsx';
import type { IncidentView } from './context.ts';
import { IncidentFacts } from './IncidentFacts.tsx';
import classes from './IncidentPage.module.css';

const TABS = ['overview', 'alerts', 'forensics'];

/** One incident: facts and alerts stay in view, the tabs change beside them. */
export function IncidentPage() {
  const { id = '' } = useParams();
  const live = useIncidentStream(id);
  const facts = useQuery(incident(id));
  const alerts = useQuery(incidentAlerts(id));
  const tab = useQuery(forensics(id, live));
  useTitle(facts.data?.title);
  if (facts.isPending) {
    return <Loading rows={10} />;
  }
  if (!facts.data) {
    return <Failure what="This incident" error={facts.error} retry={() => void facts.refetch()} />;
  }
  const view: IncidentView = {
    incident: facts.data,
    alerts: alerts.data?.items ?? [],
    forensics: tab.data,
    forensicsError: tab.error,
    reload: () => void tab.refetch(),
  };
  return (
    <div className={classes.page} data-testid="incident-page">
      <div className={classes.head}>
        <Severity label={facts.data.severityLabel} value={facts.data.severity} />
        <h1 data-testid="incident-title">
          <EvidenceText value={facts.data.title} limit={200} />
        </h1>
        <span className={classes.live}>
          <Tag tone={live ? 'ok' : 'mute'} live={live} testid="live" state={live ? 'live' : 'polling'}>
            {live ? 'live' : 'reconnecting, checked every 4 s'}
          </Tag>
        </span>
      </div>
      <Tabs
        tabs={TABS.map((name) => ({
          to: `/incidents/${id}/${name}`,
          label: `${name[0]?.toUpperCase()}${name.slice(1)}`,
          testid: `tab-${name}`,
        }))}
      />
      <div className={classes.body}>
        <aside className={classes.side}>
          <IncidentFacts incident={facts.data} alerts={view.alerts} captures={tab.data?.captures ?? []} />
          {alerts.error && !alerts.data ? (
            <Failure what="The alerts" error={alerts.error} retry={() => void alerts.refetch()} />
          ) : (
            <AlertList incident={id} alerts={alerts.data?.items} forensics={tab.data} />
          )}
        </aside>
        <div className={classes.content}>
          <Outlet context={view} />
        </div>
      </div>
    </div>
  );
}
