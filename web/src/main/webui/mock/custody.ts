import { createHash } from 'node:crypto';
import type { Care, Custody, PackageExport, SigningKey } from '../src/api/types.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const NONE = '0'.repeat(64);

const acts: [string, string, string][] = [
  [
    'worker:node1-811',
    'capture.started',
    'requested by rule:files dropped, provider aws, profile disk, target i-0f12ab34',
  ],
  ['worker:node1-811', 'snapshot.created', 'of volume vol-0aa91c, consistent'],
  ['worker:node1-811', 'sealed', '8589934592 bytes, SHA-256 5c1d8a0f3e'],
  ['worker:node1-811', 'processed', 'run 1, 48211 events'],
  ['user:alice', 'file_read', '/etc/cron.d/.hidden <script>, from byte 0, 412 bytes'],
  ['user:alice', 'hold.placed', 'case 2026-117'],
  ['worker:node2-44', 'rehashed', 'as sealed, 8589934592 bytes'],
  ['user:alice', 'exported', 'package 7f1c: for the court'],
];

/** A log whose every entry holds the digest of the one before. */
export const log: Custody[] = acts.reduce<Custody[]>((entries, [actor, action, detail], index) => {
  const previous = entries.at(-1)?.digest ?? NONE;
  return [
    ...entries,
    {
      sequence: index + 1,
      at: `2026-11-22T01:0${index}:44.120Z`,
      actor,
      action,
      detail,
      previous,
      digest: digest(previous + action),
      lineage:
        action === 'snapshot.created'
          ? {
              platform: 'aws',
              account: '111122223333',
              region: 'eu-central-1',
              instance: 'i-0f12ab34',
              volume: 'vol-0aa91c',
              snapshot: 'snap-0c77d1',
              requests: ['6f1c02c4-1f7e-4b6e-9d7e-2f5f7a6a0001'],
              caller: 'arn:aws:sts::111122223333:assumed-role/varve/worker',
            }
          : undefined,
    },
  ];
}, []);

export const keys: SigningKey[] = [
  { fingerprint: digest('now'), publicKey: 'MCowBQYDK2VwAyEA', since: '2026-11-20T09:00:00Z' },
  {
    fingerprint: digest('before'),
    publicKey: 'MCowBQYDK2VwAyEB',
    since: '2025-11-20T09:00:00Z',
    retired: '2026-11-20T09:00:00Z',
  },
];

export const packages: PackageExport[] = [
  {
    id: '7f1c',
    state: 'ready',
    reason: 'for the court',
    requestedBy: 'user:alice',
    requestedAt: '2026-11-22T01:07:44Z',
    size: 8_589_967_360,
  },
];

export const care: Care = {
  hold: { by: 'user:alice', at: '2026-11-22T01:05:44Z', reason: 'case 2026-117' },
  checkedAt: '2026-11-22T01:06:44Z',
};
