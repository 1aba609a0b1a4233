import type { Capture } from '@/api/types.ts';

/** How large and how long, from how many past captures; 0 of them when it is the usual value. */
export type Estimate = { bytes: number; milliseconds: number; from: number };

const MOST = 20;
const MB = 1_000_000;
const MINUTE = 60_000;
/** As docs/automation.md has them. */
const USUAL: Record<string, [number, number]> = {
  volatile: [5 * MB, 2 * MINUTE],
  triage: [200 * MB, 10 * MINUTE],
  logs: [300 * MB, 10 * MINUTE],
};
const OTHER: [number, number] = [500 * MB, 15 * MINUTE];

/** The average of the newest captures of this profile through this channel; any channel when it is undefined. */
export function estimate(past: Capture[], provider: string | undefined, profile: string): Estimate {
  const like = past
    .filter((one) => one.state === 'captured' && one.profile === profile && one.startedAt && one.endedAt)
    .filter((one) => provider === undefined || one.provider === provider)
    .slice(0, MOST);
  if (like.length === 0) {
    const [bytes, milliseconds] = USUAL[profile] ?? OTHER;
    return { bytes, milliseconds, from: 0 };
  }
  const took = ({ startedAt, endedAt }: Capture) => Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '');
  return {
    bytes: average(like.map(({ done }) => done)),
    milliseconds: average(like.map(took)),
    from: like.length,
  };
}

function average(values: number[]): number {
  return Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
}
