import type { Profile } from '../api/types.ts';
import { isCloud } from './sources.ts';

/** Profiles that one vendor collects in a way of its own; the server names them in its documentation only. */
const OF_VENDORS: { provider: string; profile: Profile }[] = [
  {
    provider: 'defender',
    profile: {
      name: 'investigation-package',
      description: "Microsoft's own investigation package, collected by the Defender sensor.",
      artifacts: [],
    },
  },
  {
    provider: 'sentinelone',
    profile: {
      name: 'threat-file',
      description: "The file of the host's newest threat, as SentinelOne keeps it.",
      artifacts: [],
    },
  },
  ...['aws', 'azure'].map((provider) => ({
    provider,
    profile: {
      name: 'disk',
      description: 'All disks of the instance, by snapshots; read before the copy is whole.',
      artifacts: [],
    },
  })),
  {
    provider: 'gcp',
    profile: {
      name: 'disk',
      description:
        'All disks of the instance, by snapshots that are exported first: nothing can be read before the export ends.',
      artifacts: [],
    },
  },
  ...['aws', 'azure', 'gcp'].map((provider) => ({
    provider,
    profile: {
      name: 'cloud-logs',
      description:
        'What the cloud logged of the instance: who did what to it and with it, its network flows, its console, in Azure also who signed in from it where that is switched on. Nothing is run or changed.',
      artifacts: [],
    },
  })),
];
const OBJECTS: Profile = {
  name: 'objects',
  description:
    'The latest version of every object below the prefix, and a list of all versions and deletions.',
  artifacts: [],
};
const FUNCTION: Profile = {
  name: 'function',
  description:
    "The function's set-up, the code of all versions and layers, its log, and what CloudTrail and GuardDuty say of it. Its environment is in it, secrets too.",
  artifacts: [],
};
/** What is captured: a machine, a container of an ECS task, a prefix of a bucket, or a function. */
export type Captured = 'machine' | 'task' | 'bucket' | 'function';
/** Clouds that reach into a live instance with the collector. */
const LIVE = ['aws', 'azure'];
const TITLES: Record<string, string> = {
  triage: 'Triage: what happened here?',
  volatile: 'Live state only',
  logs: 'Logs, whole',
  'investigation-package': "Defender's investigation package",
  'threat-file': 'The file of the threat',
  disk: 'Whole disks',
  'cloud-logs': 'What the cloud logged',
  objects: 'Objects',
  function: 'Function: code, set-up and logs',
};

/** What can be collected through this channel of such a thing. */
export function offered(profiles: Profile[], channel: string, of: Captured = 'machine'): Profile[] {
  if (of === 'bucket') return [OBJECTS];
  if (of === 'function') return [FUNCTION];
  return [
    ...(isCloud(channel) && !LIVE.includes(channel) ? [] : profiles),
    ...OF_VENDORS.filter(({ provider }) => provider === channel)
      .map(({ profile }) => profile)
      .filter(({ name }) => name !== 'disk' || of !== 'task'),
  ];
}

export function profileTitle(name: string): string {
  return TITLES[name] ?? name;
}
