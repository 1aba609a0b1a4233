import { visible } from './text.ts';

const NAMES: Record<string, string> = {
  crowdstrike: 'CrowdStrike',
  darktrace: 'Darktrace',
  defender: 'Microsoft Defender',
  graph: 'Microsoft Graph',
  sentinel: 'Microsoft Sentinel',
  sentinelone: 'SentinelOne',
  guardduty: 'Amazon GuardDuty',
  securityhub: 'AWS Security Hub',
  scc: 'Google SCC',
  ocsf: 'OCSF',
  generic: 'generic JSON',
  custom: 'own webhook',
};
const CHANNELS: Record<string, string> = {
  auto: 'automatic',
  endpoint: "Varve's agent",
  crowdstrike: 'CrowdStrike',
  defender: 'Microsoft Defender',
  sentinelone: 'SentinelOne',
  aws: 'AWS',
  azure: 'Azure',
  gcp: 'Google Cloud',
  kubernetes: 'Kubernetes',
};

/** The alert sources that are known. */
export const SOURCES = Object.keys(NAMES);

/** The providers a capture can go through, the fastest first. */
export const PROVIDERS = [
  'endpoint',
  'crowdstrike',
  'defender',
  'sentinelone',
  'aws',
  'azure',
  'gcp',
  'kubernetes',
];

/** The name of an alert source as people know it. */
export function sourceName(source: string): string {
  return NAMES[source] ?? visible(source);
}

/** The way a capture takes, as people know it. */
export function channelName(provider: string): string {
  return CHANNELS[provider] ?? visible(provider);
}

/** Clouds capture from outside: used where they are named, never in the automatic order. */
export function isCloud(provider: string): boolean {
  return ['aws', 'azure', 'gcp'].includes(provider);
}

export function isVendor(provider: string): boolean {
  return provider !== 'endpoint' && PROVIDERS.includes(provider);
}
