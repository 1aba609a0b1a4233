import type { Asset } from '@/api/types.ts';
import type { Captured } from '@/ui/profileWords.ts';
import { channelName, isCloud, isVendor, PROVIDERS } from '@/ui/sources.ts';

/** How each cloud names an instance, and alerts a pod. */
const INSTANCES: Record<string, RegExp> = {
  aws: /^i-|^s3:\/\/|^arn:aws[a-z-]*:(lambda|ecs):/,
  gcp: /^projects\/|^gs:\/\//,
  kubernetes: /^pod:/,
  azure: /^az:\/\/|^\/subscriptions\/.+\/virtualmachines\/.+|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
};

export type Channel = { name: string; label: string; state: string };

/** The ways to this host: its agent, and the sensors that alerts named, the automatic choice first. */
export function channelsOf(asset: Asset): Channel[] {
  const ways = PROVIDERS.filter((provider) => reaches(asset, provider)).map((provider) => ({
    name: provider,
    label: channelName(provider),
    state: state(asset, provider),
  }));
  const automatic = ways.filter(({ name }) => !isCloud(name) && name !== 'kubernetes');
  const order = automatic.map(({ label }) => label).join(', then ');
  return automatic.length < 2
    ? ways
    : [{ name: 'auto', label: 'Automatic', state: `${order}; vendors first when it is contained` }, ...ways];
}

/** What it is, by its address. */
export function captured(asset: Asset): Captured {
  const is = (form: RegExp) => asset.identifiers.some(({ value }) => form.test(value));
  if (is(/^(s3|gs|az):\/\//)) return 'bucket';
  if (is(/^arn:aws[a-z-]*:ecs:/)) return 'task';
  return is(/^arn:aws[a-z-]*:lambda:/) ? 'function' : 'machine';
}

/** The channel a look is taken through: the chosen one, or for the automatic order the first vendor's. */
export function lookedThrough(channels: Channel[], chosen: string): string | undefined {
  const named = chosen === 'auto' ? channels.map(({ name }) => name) : [chosen];
  return named.find(isVendor);
}

function state(asset: Asset, provider: string): string {
  if (provider === 'kubernetes') {
    return 'through the cluster, while the pod lives';
  }
  if (isCloud(provider)) {
    return 'through its account in the cloud';
  }
  return isVendor(provider) ? 'works while the host is contained' : agentState(asset);
}

function reaches(asset: Asset, provider: string): boolean {
  const [kind, form] = knownBy(provider);
  return asset.identifiers.some((known) => known.kind === kind && form.test(known.value));
}

/** The kind of identifier a provider knows a host by, and what it looks like. */
function knownBy(provider: string): [string, RegExp] {
  const instance = INSTANCES[provider];
  if (instance) {
    return ['instance_id', instance];
  }
  return isVendor(provider) ? ['sensor_id', new RegExp(`^${provider}:`)] : ['agent_id', /^/];
}

function agentState({ agent }: Asset): string {
  return agent?.online ? 'online, the fastest' : 'offline: it starts when the agent is back';
}
