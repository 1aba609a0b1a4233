import type { Alert, Capture, Containment } from '../api/types.ts';

type Word = { at: string; containment: Containment };

/** What was last said about whether this host is cut off: by its alerts, or read by its captures. */
export function lastContainment(
  asset: string,
  alerts: Alert[],
  captures: Capture[],
): Containment | undefined {
  const words = [
    ...alerts.filter((alert) => alert.asset === asset).flatMap(said),
    ...captures.filter((capture) => capture.asset.id === asset).flatMap(read),
  ];
  return words.reduce<Word | undefined>(
    (newest, word) => (newest && newest.at >= word.at ? newest : word),
    undefined,
  )?.containment;
}

function said({ normalised }: Alert): Word[] {
  const containment = normalised?.hosts[0]?.containment;
  return normalised && containment && containment !== 'unknown'
    ? [{ at: instant(normalised.lastSeen), containment }]
    : [];
}

function read({ steps, startedAt, endedAt, requestedAt }: Capture): Word[] {
  const containment = steps.containment_after ?? steps.containment_before;
  const at = instant(endedAt ?? startedAt ?? requestedAt);
  return containment === 'normal' || containment === 'pending' || containment === 'contained'
    ? [{ at, containment }]
    : [];
}

/** To the millisecond, so that times of different precision compare as text. */
function instant(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? '' : new Date(time).toISOString();
}
