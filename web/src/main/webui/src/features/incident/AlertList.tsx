import { Link, useLocation, useSearchParams } from 'react-router';
import type { Alert, Forensics } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Empty, Loading } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { Severity } from '@/ui/Severity.tsx';
import { sourceName } from '@/ui/sources.ts';
import { CorroborationTag } from '@/ui/states.tsx';
import { Time } from '@/ui/Time.tsx';
import { corroborationOf, titleOf } from './context.ts';
import classes from './IncidentPage.module.css';

type Props = { incident: string; alerts: Alert[] | undefined; forensics: Forensics | undefined };

/** The alerts, beside every tab. A click shows the alert in the tab that is open. */
export function AlertList({ incident, alerts, forensics }: Props) {
  const { pathname } = useLocation();
  const [parameters] = useSearchParams();
  const tab = pathname.endsWith('/forensics') ? 'forensics' : 'alerts';
  return (
    <Section title="Alerts" aside={alerts?.length} testid="alert-list">
      {!alerts && <Loading rows={3} height={44} />}
      {alerts?.length === 0 && <Empty title="No alerts" />}
      {alerts?.map((alert) => {
        const corroboration = corroborationOf(forensics, alert.id);
        return (
          <Link
            key={alert.id}
            to={`/incidents/${incident}/${tab}?alert=${encodeURIComponent(alert.id)}`}
            className={classes.alert}
            data-active={parameters.get('alert') === alert.id}
            data-testid="alert-item"
          >
            <div className={classes.alertTop}>
              {alert.normalised ? (
                <Severity label={alert.normalised.severityLabel} value={alert.normalised.severity} />
              ) : (
                <span className="dim">{alert.state}</span>
              )}
              {corroboration && <CorroborationTag state={corroboration.state} />}
            </div>
            <div className={classes.alertTitle}>
              <EvidenceText value={titleOf(alert)} limit={140} />
            </div>
            <span className="dim">
              <Time at={alert.normalised?.firstSeen ?? alert.receivedAt} /> ·{' '}
              <EvidenceText value={sourceName(alert.source)} limit={40} />
            </span>
          </Link>
        );
      })}
    </Section>
  );
}
