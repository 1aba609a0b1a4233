import type { ReactNode } from 'react';
import type { Alert, AlertNetwork, AlertProcess } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { sourceName } from '@/ui/sources.ts';
import { Time } from '@/ui/Time.tsx';
import { utc } from '@/ui/time.ts';
import { words } from '@/ui/words.ts';
import { AlertHosts } from './AlertHosts.tsx';

/** The alert as name and value pairs; what it does not say is left out. */
export function alertFacts(alert: Alert): [string, ReactNode][] {
  const facts: [string, ReactNode][] = [
    ['Source', <EvidenceText key="source" value={sourceName(alert.source)} />],
    ['Received', <Time key="received" at={alert.receivedAt} />],
    ['State', alert.state],
  ];
  const said = alert.normalised;
  if (!said) {
    return facts;
  }
  const add = (name: string, lines: string[]) => {
    const present = lines.filter(Boolean);
    if (present.length > 0) {
      facts.push([name, <Lines key={name} lines={present} />]);
    }
  };
  if (said.status && said.status !== 'unknown') {
    facts.push(['At the source', words(said.status)]);
  }
  facts.push(['First seen', <Time key="first" at={said.firstSeen} precision="millisecond" />]);
  facts.push(['Last seen', <Time key="last" at={said.lastSeen} precision="millisecond" />]);
  add('Description', [said.description]);
  add('Category', [said.category]);
  if (said.hosts.length > 0) {
    facts.push(['Hosts', <AlertHosts key="hosts" hosts={said.hosts} />]);
  }
  add(
    'Users',
    said.users.map(({ name, domain }) => (domain ? `${domain}\\${name}` : name)),
  );
  add('Processes', said.processes.map(process));
  add(
    'Files',
    said.files.map(({ path, name, hashes }) =>
      [path ?? name ?? '', ...hashLines(hashes)].filter(Boolean).join('  '),
    ),
  );
  add('Network', said.network.map(network));
  add(
    'ATT&CK',
    said.attack.map(({ tactic, technique }) => [tactic, technique].filter(Boolean).join(' / ')),
  );
  add('Source id', [said.sourceAlertId]);
  add('Source link', [said.sourceUrl ?? '']);
  return facts;
}

function Lines({ lines }: { lines: string[] }) {
  return lines.map((line, index) => (
    <div key={index}>
      <EvidenceText value={line} limit={400} />
    </div>
  ));
}

function process({ image, commandLine, pid, startedAt, hashes, user, parent }: AlertProcess): string {
  const by = parent?.commandLine ?? parent?.image;
  return [
    commandLine ?? image,
    commandLine && image,
    typeof pid === 'number' && `pid ${pid}`,
    user && `as ${user}`,
    startedAt && `started ${utc(startedAt)}`,
    by && `from ${by}`,
    ...hashLines(hashes),
  ]
    .filter(Boolean)
    .join(' · ');
}

function network({
  sourceIp,
  sourcePort,
  destinationIp,
  destinationPort,
  domain,
  url,
}: AlertNetwork): string {
  const end = (ip?: string | null, port?: number | null) =>
    ip ? `${ip}${typeof port === 'number' ? `:${port}` : ''}` : '';
  const ends = [end(sourceIp, sourcePort), end(destinationIp, destinationPort)].filter(Boolean).join(' → ');
  return [ends, domain, url].filter(Boolean).join(' · ');
}

function hashLines(hashes: Record<string, string>): string[] {
  return Object.entries(hashes ?? {}).map(([name, value]) => `${name} ${value}`);
}
