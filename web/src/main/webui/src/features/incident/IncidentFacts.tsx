import { Link } from 'react-router';
import type { Alert, Capture, Incident } from '@/api/types.ts';
import { lastContainment } from '@/ui/containment.ts';
import { ContainmentTag } from '@/ui/ContainmentTag.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Section, Facts } from '@/ui/Section.tsx';
import { Time } from '@/ui/Time.tsx';
import { ago } from '@/ui/time.ts';
import { useNow } from '@/ui/useNow.ts';

type Props = { incident: Incident; alerts: Alert[]; captures: Capture[] };

export function IncidentFacts({ incident, alerts, captures }: Props) {
  const now = useNow(10_000);
  return (
    <Section
      title="Facts"
      aside={<span title="Since the last alert's activity">{ago(incident.lastSeen, now)}</span>}
      testid="incident-facts"
    >
      <Facts
        facts={[
          ['Status', incident.status],
          ['First seen', <Time key="first" at={incident.firstSeen} />],
          ['Last seen', <Time key="last" at={incident.lastSeen} />],
          ['Opened', <Time key="opened" at={incident.openedAt} />],
          [
            incident.assets.length === 1 ? 'Asset' : 'Assets',
            incident.assets.length === 0 ? (
              <span className="dim">No known asset. No alert names a machine that Varve knows.</span>
            ) : (
              incident.assets.map(({ id, name }) => {
                const containment = lastContainment(id, alerts, captures);
                return (
                  <div key={id}>
                    <Link to={`/assets?asset=${encodeURIComponent(id)}`}>
                      <EvidenceText value={name} limit={100} />
                    </Link>{' '}
                    {containment && <ContainmentTag containment={containment} />}
                  </div>
                );
              })
            ),
          ],
        ]}
      />
    </Section>
  );
}
