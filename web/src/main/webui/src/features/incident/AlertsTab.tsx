import { useSearchParams } from 'react-router';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Empty } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { Severity } from '@/ui/Severity.tsx';
import { sourceName } from '@/ui/sources.ts';
import { CorroborationTag } from '@/ui/states.tsx';
import { Table } from '@/ui/Table.tsx';
import { Time } from '@/ui/Time.tsx';
import { useListKeys } from '@/ui/useListKeys.ts';
import { AlertDrawer } from './AlertDrawer.tsx';
import { corroborationOf, titleOf, useIncidentView } from './context.ts';

export function AlertsTab() {
  const { alerts, forensics } = useIncidentView();
  const [parameters, setParameters] = useSearchParams();
  const open = (id: string | null) => setParameters(id ? { alert: id } : {}, { replace: id === null });
  const { active } = useListKeys(alerts.length, (index) => open(alerts[index]?.id ?? null));
  const chosen = alerts.find((alert) => alert.id === parameters.get('alert'));
  return (
    <>
      <Section title="Alerts" aside="Enter or click opens the details">
        {alerts.length === 0 && <Empty title="No alerts" />}
        {alerts.length > 0 && (
          <Table head={['Received', 'Severity', 'Alert', 'Source', 'State', 'Evidence says']} testid="alerts">
            {alerts.map((alert, index) => {
              const corroboration = corroborationOf(forensics, alert.id);
              return (
                <tr
                  key={alert.id}
                  data-testid="alert-row"
                  data-active={index === active || alert === chosen}
                  onClick={() => open(alert.id)}
                  style={{ cursor: 'pointer' }}
                >
                  <td>
                    <Time at={alert.receivedAt} />
                  </td>
                  <td>
                    {alert.normalised && (
                      <Severity label={alert.normalised.severityLabel} value={alert.normalised.severity} />
                    )}
                  </td>
                  <td>
                    <EvidenceText value={titleOf(alert)} limit={160} />
                  </td>
                  <td>
                    <EvidenceText value={sourceName(alert.source)} limit={40} />
                  </td>
                  <td>{alert.state}</td>
                  <td>
                    {corroboration ? (
                      <CorroborationTag state={corroboration.state} />
                    ) : (
                      <span className="dim">…</span>
                    )}
                  </td>
                </tr>
              );
            })}
          </Table>
        )}
      </Section>
      {chosen && (
        <AlertDrawer
          alert={chosen}
          corroboration={corroborationOf(forensics, chosen.id)}
          onClose={() => open(null)}
        />
      )}
    </>
  );
}
