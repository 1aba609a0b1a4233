import type { ReactNode } from 'react';
import type { Integration } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { count } from '@/ui/numbers.ts';
import { Facts, Section } from '@/ui/Section.tsx';
import { Time } from '@/ui/Time.tsx';

/** When the vendor was last reached, and what came of it. */
export function IntegrationFacts({ integration }: { integration: Integration }) {
  const never = <span className="dim">never</span>;
  const facts: [string, ReactNode][] = [
    ['Last contact', integration.contactAt ? <Time at={integration.contactAt} /> : never],
    ['Alerts', count(integration.alerts)],
    ['Last alert', integration.alertAt ? <Time at={integration.alertAt} /> : never],
    ['Added', <Time key="added" at={integration.createdAt} />],
    ['By', <EvidenceText key="by" value={integration.createdBy} limit={80} />],
  ];
  if (integration.problemAt) {
    facts.push(['Last problem', <Time key="problem" at={integration.problemAt} />]);
  }
  return (
    <Section title="Facts" testid="integration-facts">
      <Facts facts={facts} />
    </Section>
  );
}
