import type { Rule } from '@/api/types.ts';
import { channelName } from '@/ui/sources.ts';

export function isAutomatic({ providers }: Rule): boolean {
  return providers.length === 0 || providers.includes('auto');
}

/** `CrowdStrike, then Varve's agent`. */
export function channelsText(rule: Rule): string {
  return isAutomatic(rule) ? 'automatic' : rule.providers.map(channelName).join(', then ');
}
