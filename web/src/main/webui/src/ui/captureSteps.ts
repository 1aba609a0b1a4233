import type { Capture } from '../api/types.ts';
import { bytes } from './numbers.ts';
import type { Tone } from './Tag.tsx';
import { utc } from './time.ts';

export type Step = { name: string; words: string; result: string; tone: Tone };

/** Steps in the order they are done, each with the words for it. What a provider keeps for itself is not in it. */
const WORDS: [string, string, Tone][] = [
  ['reason', 'Asked for because', 'info'],
  ['host', 'Host found', 'ok'],
  ['protection', 'Kept from being deleted meanwhile', 'ok'],
  ['snapshots', 'Snapshots taken', 'ok'],
  ['containment_before', 'Containment before', 'ok'],
  ['order', 'Order placed for the agent', 'ok'],
  ['picked_up', 'Agent began', 'ok'],
  ['collector', 'Collector delivered', 'ok'],
  ['plain', 'Scripts may not be run: files fetched one by one', 'warn'],
  ['started', 'Collector started', 'ok'],
  ['offline_since', 'Host offline since', 'warn'],
  ['collected', 'Everything is here', 'ok'],
  ['uploaded', 'Bytes uploaded', 'ok'],
  ['cleaned', 'Host cleaned', 'ok'],
  ['released', 'Removed from the cloud again', 'ok'],
  ['containment_after', 'Containment after', 'ok'],
];

/** What was done so far, in words. */
export function stepsOf(capture: Capture): Step[] {
  return WORDS.flatMap(([name, words, tone]) => {
    const result = capture.steps[name];
    return result
      ? [{ name, words, result: readable(name, result), tone: toneOf(capture, name, result, tone) }]
      : [];
  });
}

/** What was said when somebody changed the containment while the capture ran; Varve never does. */
export function containmentChanged(capture: Capture): string | undefined {
  return capture.steps.containment_changed || undefined;
}

/** Times and sizes as they are written everywhere else. */
function readable(name: string, result: string): string {
  if (name === 'uploaded' && /^\d+$/.test(result)) {
    return bytes(Number(result));
  }
  return utc(spoken(result));
}

/** What a cloud says of a machine or of snapshots is kept as JSON; said here as `name value, …; …`. */
function spoken(result: string): string {
  if (!/^[[{]/.test(result)) {
    return result;
  }
  try {
    return say(JSON.parse(result) as unknown);
  } catch {
    return result;
  }
}

function say(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map(say).join('; ');
  }
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  return Object.entries(value)
    .filter(([, of]) => of !== '' && of !== null)
    .map(([name, of]) => `${name} ${say(of)}`)
    .join(', ');
}

function toneOf(capture: Capture, name: string, result: string, usual: Tone): Tone {
  if (name === 'containment_after' && result !== capture.steps.containment_before) {
    return 'bad';
  }
  return name === 'cleaned' && /still on the host|failed/.test(result) ? 'warn' : usual;
}
