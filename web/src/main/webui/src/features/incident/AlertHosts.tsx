import type { AlertHost } from '@/api/types.ts';
import { ContainmentTag } from '@/ui/ContainmentTag.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';

/** The machines an alert names, and whether each was cut off when it was sent. */
export function AlertHosts({ hosts }: { hosts: AlertHost[] }) {
  return hosts.map((one, index) => (
    <div key={index}>
      <EvidenceText value={host(one)} limit={400} />{' '}
      {one.containment && one.containment !== 'unknown' && <ContainmentTag containment={one.containment} />}
    </div>
  ));
}

function host({ hostname, fqdn, agentId, agentType, instanceId, ips, macs, os, cloud }: AlertHost): string {
  const place = [cloud?.provider, cloud?.account, cloud?.region].filter(Boolean).join(' ');
  return [
    fqdn ?? hostname,
    os,
    ...ips,
    ...macs,
    agentId && `${agentType ?? 'agent'} ${agentId}`,
    instanceId,
    place,
  ]
    .filter(Boolean)
    .join(' · ');
}
