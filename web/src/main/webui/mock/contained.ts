import type { Capture, Check, Integration, Preflight, Simulation, Vendor } from '../src/api/types.ts';

const T = (time: string) => `2026-11-22T${time}Z`;

export const vendors: Vendor[] = [
  {
    name: 'crowdstrike',
    label: 'CrowdStrike Falcon',
    uses: ['capture', 'alerts', 'comment'],
    sources: ['crowdstrike'],
    comments: ['crowdstrike'],
    guide: 'crowdstrike',
    fields: [
      {
        name: 'base_url',
        label: 'API address',
        form: 'address',
        need: 'optional',
        standard: 'https://api.crowdstrike.com',
        help: 'The address of your cloud, e.g. https://api.eu-1.crowdstrike.com.',
      },
      {
        name: 'client_id',
        label: 'Client id',
        form: 'text',
        need: 'required',
        standard: '',
        help: 'Of an API client made for Varve.',
      },
      {
        name: 'client_secret',
        label: 'Client secret',
        form: 'secret',
        need: 'required',
        standard: '',
        help: 'Shown once when the API client is made.',
      },
      {
        name: 'queue_offline',
        label: 'Queue for offline hosts',
        form: 'switch',
        need: 'advanced',
        standard: 'true',
        help: 'Leaves the collection with CrowdStrike until the host returns.',
      },
      {
        name: 'part_size',
        label: 'Part size',
        form: 'number',
        need: 'advanced',
        standard: '',
        help: 'Bytes of one part of a collection on the host.',
      },
    ],
  },
  {
    name: 'aws',
    label: 'Amazon GuardDuty and Security Hub',
    uses: [],
    sources: ['guardduty', 'securityhub'],
    comments: [],
    guide: '',
    fields: [],
  },
  {
    name: 'custom',
    label: 'Any JSON webhook',
    uses: [],
    sources: ['custom', 'generic'],
    comments: [],
    guide: '',
    fields: [
      {
        name: 'mapping',
        label: 'Mapping',
        form: 'long_text',
        need: 'optional',
        standard: '',
        help: 'JSON that says where each field of the alert is; see alert sources.',
      },
    ],
  },
];

const checks: Check[] = [
  {
    name: 'Hosts: Read',
    needed: 'find the host and read its containment',
    result: 'ok',
    detail: '212 hosts seen',
    mend: '',
  },
  {
    name: 'Alerts: Read',
    needed: 'fetch alerts',
    result: 'ok',
    detail: 'granted',
    mend: '',
  },
  {
    name: 'Real time response (admin): Write',
    needed: 'put and run the collector',
    result: 'missing',
    detail: 'The API client has no such scope (403 access denied, authorization failed).',
    mend: 'In Falcon, Support and resources > API clients and keys, edit the client and tick “Real time response (admin): Write”.',
  },
  {
    name: 'Hosts: Write',
    needed: 'nothing: it can contain and release hosts',
    result: 'too_broad',
    detail: 'The token carries it.',
    mend: 'Take “Hosts: Write” away from the API client.',
  },
  {
    name: 'Response policy: custom scripts',
    needed: 'run the collector on Windows',
    result: 'unknown',
    detail: 'Cannot be seen from outside.',
    mend: 'Look at Host setup and management > Response policies.',
  },
];

export const integrations: Integration[] = [
  {
    id: 'int-1',
    vendor: 'crowdstrike',
    label: 'CrowdStrike Falcon',
    name: 'Falcon EU',
    enabled: true,
    uses: ['capture', 'alerts'],
    settings: { base_url: 'https://api.eu-1.crowdstrike.com', client_id: '3f9a1c0e77' },
    secrets: ['client_secret'],
    inbound: {
      kind: 'header',
      source: 'crowdstrike',
      settings: { header: 'X-Varve-Secret' },
      address: '/api/v1/alerts/crowdstrike/from/int-1',
    },
    createdBy: 'admin',
    createdAt: '2026-11-02T08:00:00Z',
    contactAt: T('02:13:44'),
    alerts: 1204,
    alertAt: T('02:11:09'),
    checkedAt: T('02:00:00'),
    checks,
  },
  {
    id: 'int-2',
    vendor: 'aws',
    label: 'Amazon GuardDuty and Security Hub',
    name: 'GuardDuty, production',
    enabled: true,
    uses: [],
    settings: {},
    secrets: [],
    createdBy: 'admin',
    createdAt: '2026-11-02T08:00:00Z',
    alerts: 0,
    problem: 'A sender could not prove itself: the header X-Varve-Secret was missing (203.0.113.80).',
    problemAt: T('01:58:10'),
    checks: [],
  },
];

/** The same, looked at just now. */
export function lookedAt(id: string): Integration | undefined {
  const one = integrations.find((integration) => integration.id === id);
  return one && Object.assign(one, { checkedAt: new Date().toISOString(), checks });
}

/** Half of a disk of which a third was never written. */
const places = Array.from({ length: 512 }, (_, i) =>
  i % 96 > 60 ? '.' : i < 190 ? 's' : i < 260 ? '8' : i % 37 === 0 ? '8' : i < 266 ? '4' : '0',
).join('');

export const captures: Capture[] = [
  {
    id: 'c7',
    evidence: 'ev-a4',
    asset: { id: 'as-2', name: 'i-0a1b2c3d4e5f60718' },
    provider: 'aws',
    profile: 'disk',
    incident: 'in-1',
    requestedBy: 'rule:Disks of cloud machines',
    requestedAt: T('02:11:00'),
    startedAt: T('02:11:01'),
    state: 'running',
    done: 6_442_450_944,
    total: 13_743_895_347,
    text: 'Copying the disks',
    next: [],
    steps: {
      host: '{"account":"222233334444","region":"eu-central-1","instance":"i-0a1b2c3d4e5f60718","type":"m6i.large","group":"web-asg","volumes":[{"device":"/dev/sda1","volume":"vol-0aa11","gibibytes":20}]}',
      protection: 'set',
      snapshots: '[{"volume":"vol-0aa11","snapshot":"snap-0bb22","gibibytes":20}]',
      places,
    },
  },
  {
    id: 'c4',
    evidence: 'ev-a1',
    asset: { id: 'as-2', name: 'db02' },
    provider: 'crowdstrike',
    profile: 'triage',
    incident: 'in-1',
    requestedBy: 'admin',
    requestedAt: T('02:10:00'),
    startedAt: T('02:10:02'),
    state: 'running',
    done: 50_331_648,
    total: 0,
    text: '17 of 31 artefacts; 3 of 4 parts are here',
    next: ['endpoint'],
    steps: {
      reason: 'ransom note on the share, host already contained',
      host: 'DB02 8f2c1e',
      containment_before: 'contained',
      collector: 'varve-collect.sh',
      started: 'running, pid 4711',
      containment_changed: 'contained before, normal during the capture; not changed by Varve',
    },
  },
  {
    id: 'c5',
    evidence: 'ev-a2',
    asset: { id: 'as-3', name: 'vpn-gw-1' },
    provider: 'sentinelone',
    profile: 'volatile',
    incident: 'in-1',
    requestedBy: 'rule:Any shell on web servers',
    requestedAt: T('02:08:00'),
    state: 'awaiting_approval',
    done: 0,
    total: 0,
    text: 'Waiting for approval',
    next: [],
    approval: { before: '2026-11-23T02:08:00Z' },
    steps: {},
  },
  {
    id: 'c6',
    evidence: 'ev-a3',
    asset: { id: 'as-2', name: 'db02' },
    provider: 'crowdstrike',
    profile: 'triage',
    incident: 'in-1',
    requestedBy: 'rule:Critical alerts on servers',
    requestedAt: T('01:40:00'),
    startedAt: T('01:40:01'),
    endedAt: T('01:40:04'),
    state: 'failed',
    done: 0,
    total: 0,
    text: 'CrowdStrike refused to open a session: the scope “Real time response (admin): Write” is missing. Tick it for the API client in Falcon, then capture again.',
    next: ['endpoint'],
    steps: { host: 'DB02 8f2c1e', containment_before: 'contained' },
  },
];

export function preflight(body: Record<string, unknown>): Preflight {
  return {
    id: `pf-${Date.now()}`,
    asset: { id: String(body.asset), name: 'db02' },
    provider: String(body.provider),
    profile: String(body.profile),
    requestedAt: new Date().toISOString(),
  };
}

export function looked(id: string): Preflight {
  const asked = preflight({ asset: 'as-2', provider: 'crowdstrike', profile: 'triage' });
  return {
    ...asked,
    id,
    endedAt: new Date().toISOString(),
    result: {
      host: 'DB02',
      platform: 'linux',
      online: true,
      containment: 'contained',
      others: ['8f2c1f, last seen 2026-10-01 11:02Z'],
      touches: [
        'A folder of its own under /var/tmp with the collector (41 kB) and its parts, removed at the end.',
        'One process, sh, with low priority; no network connection of its own.',
        'Access times of the files it reads.',
      ],
      checks: checks.slice(0, 3),
    },
  };
}

export const simulation: Simulation = {
  from: '2026-10-23T02:14:00Z',
  to: T('02:14:00'),
  alerts: 48_211,
  matched: 1_209,
  captures: 37,
  hosts: 12,
  bytes: 7_400_000_000,
  time: 'PT6H10M',
  byProvider: {
    endpoint: { captures: 30, bytes: 6_000_000_000, time: 'PT5H' },
    crowdstrike: { captures: 7, bytes: 1_400_000_000, time: 'PT1H10M' },
  },
  estimates: [
    { provider: 'endpoint', profile: 'triage', bytes: 200_000_000, time: 'PT10M', from: 20 },
    { provider: 'crowdstrike', profile: 'triage', bytes: 200_000_000, time: 'PT10M', from: 0 },
  ],
  approvals: 0,
  skipped: { already_captured: 1_150, asset_budget_spent: 12, no_asset: 8, unreachable: 2 },
  decisions: [
    {
      alert: 'a1',
      at: T('01:02:43'),
      asset: { id: 'as-1', name: 'web01.example.net' },
      outcome: 'capture_requested',
      reason: 'Severity 91 is 70 or more.',
      provider: 'endpoint',
    },
    {
      alert: 'a2',
      at: T('01:02:47'),
      asset: { id: 'as-1', name: 'web01.example.net' },
      outcome: 'already_captured',
      reason: 'Captured with profile triage 4 s earlier; the rule waits 1 h.',
    },
    {
      alert: 'a3',
      at: T('01:20:00'),
      outcome: 'no_asset',
      reason: 'The alert could not be tied to an asset.',
    },
  ],
  complete: true,
  until: T('02:14:00'),
};
