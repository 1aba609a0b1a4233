import { Link } from 'react-router';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { eventLink, timelineLink } from '@/ui/links.ts';
import { Empty } from '@/ui/Notice.tsx';
import { plural } from '@/ui/numbers.ts';
import { Section } from '@/ui/Section.tsx';
import { Severity } from '@/ui/Severity.tsx';
import { sourceName } from '@/ui/sources.ts';
import { CorroborationTag } from '@/ui/states.tsx';
import { Table } from '@/ui/Table.tsx';
import { Time } from '@/ui/Time.tsx';
import { corroborationOf, titleOf, useIncidentView } from './context.ts';

/** What happened, in the order it happened. */
export function OverviewTab() {
  const { incident, alerts, forensics } = useIncidentView();
  const when = (alert: (typeof alerts)[number]) => alert.normalised?.firstSeen ?? alert.receivedAt;
  const ordered = [...alerts].sort((a, b) => when(a).localeCompare(when(b)));
  const techniques = [
    ...new Set(
      alerts
        .flatMap((alert) => alert.normalised?.attack ?? [])
        .map(({ technique, tactic }) => technique ?? tactic ?? ''),
    ),
  ].filter(Boolean);
  return (
    <>
      <Section title="Alerts in the order they happened" aside={plural(alerts.length, 'alert')}>
        {ordered.length === 0 && <Empty title="No alerts" />}
        {ordered.length > 0 && (
          <Table head={['Time', 'Severity', 'Alert', 'Source', 'Evidence says']}>
            {ordered.map((alert) => {
              const corroboration = corroborationOf(forensics, alert.id);
              const first = corroboration?.events[0];
              return (
                <tr key={alert.id}>
                  <td>
                    <Time at={when(alert)} />
                  </td>
                  <td>
                    {alert.normalised && (
                      <Severity label={alert.normalised.severityLabel} value={alert.normalised.severity} />
                    )}
                  </td>
                  <td>
                    <Link to={`/incidents/${incident.id}/alerts?alert=${encodeURIComponent(alert.id)}`}>
                      <EvidenceText value={titleOf(alert)} limit={160} />
                    </Link>
                  </td>
                  <td>
                    <EvidenceText value={sourceName(alert.source)} limit={40} />
                  </td>
                  <td className="nowrap">
                    {corroboration ? (
                      <CorroborationTag state={corroboration.state} />
                    ) : (
                      <span className="dim">…</span>
                    )}
                    {first && (
                      <>
                        {' '}
                        <Link to={eventLink(first, incident.id)}>first event</Link>
                      </>
                    )}
                  </td>
                </tr>
              );
            })}
          </Table>
        )}
      </Section>
      <Section title="ATT&CK techniques named by the alerts">
        <div className="pad">
          {techniques.length === 0 && <span className="dim">No alert names a technique.</span>}
          {techniques.map((technique, index) => (
            <span key={technique}>
              {index > 0 && ' · '}
              <EvidenceText value={technique} limit={60} mono />
            </span>
          ))}
        </div>
      </Section>
      <div>
        <Link to={timelineLink({ incident: incident.id, sort: 'asc' })}>
          All events of this incident in the timeline →
        </Link>
      </div>
    </>
  );
}
