import type { Outcome } from '../api/types.ts';
import type { Tone } from './Tag.tsx';

const OUTCOMES: Record<Outcome, [Tone, string]> = {
  capture_requested: ['ok', 'capture requested'],
  awaiting_approval: ['warn', 'waits for approval'],
  approved: ['ok', 'approved'],
  rejected: ['mute', 'rejected'],
  fallback: ['info', 'next channel tried'],
  no_rule_matched: ['mute', 'no rule matched'],
  no_asset: ['warn', 'no host known'],
  unreachable: ['bad', 'not reachable'],
  already_captured: ['info', 'captured already'],
  budget_spent: ['warn', "rule's budget spent"],
  asset_budget_spent: ['warn', "host's budget spent"],
  organisation_budget_spent: ['warn', 'budget of the installation spent'],
};

/** Why a capture was taken or not, in words. */
export function outcomeText(outcome: Outcome): string {
  return OUTCOMES[outcome]?.[1] ?? outcome.replaceAll('_', ' ');
}

export function outcomeTone(outcome: Outcome): Tone {
  return OUTCOMES[outcome]?.[0] ?? 'mute';
}
