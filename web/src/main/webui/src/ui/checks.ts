import type { Check, CheckResult } from '../api/types.ts';
import type { Tone } from './Tag.tsx';

/** What was found out, worst first. */
export const RESULTS: CheckResult[] = ['missing', 'failed', 'too_broad', 'unknown', 'ok'];

const WORDS: Record<CheckResult, [Tone, string]> = {
  missing: ['bad', 'missing'],
  failed: ['bad', 'failed'],
  too_broad: ['warn', 'too broad'],
  unknown: ['mute', 'not known'],
  ok: ['ok', 'ok'],
};

export function resultTone(result: CheckResult): Tone {
  return (WORDS[result] ?? WORDS.unknown)[0];
}

export function resultText(result: CheckResult): string {
  return (WORDS[result] ?? WORDS.unknown)[1];
}

/** How many checks came out how, worst first; results that do not occur are left out. */
export function summary(checks: Check[]): { result: CheckResult; count: number }[] {
  return RESULTS.map((result) => ({
    result,
    count: checks.filter((check) => check.result === result).length,
  })).filter(({ count }) => count > 0);
}

/** The same checks, what needs a hand first; the order of the vendor within each. */
export function worstFirst(checks: Check[]): Check[] {
  return RESULTS.flatMap((result) => checks.filter((check) => check.result === result));
}
