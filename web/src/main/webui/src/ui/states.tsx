import type { CaptureState, CorroborationState, CoverageStatus, Evidence } from '../api/types.ts';
import { Tag, type Tone } from './Tag.tsx';
import { words } from './words.ts';

const CAPTURE: Record<CaptureState, Tone> = {
  awaiting_approval: 'warn',
  queued: 'mute',
  running: 'info',
  captured: 'ok',
  failed: 'bad',
  cancelled: 'mute',
  rejected: 'mute',
};
/** What the attack did is the alarm: a confirmed alert is the bad news, a contradicted one the good. */
const CORROBORATION: Record<CorroborationState, [Tone, string]> = {
  confirmed: ['bad', 'Confirmed'],
  contradicted: ['ok', 'Contradicted'],
  not_seen: ['warn', 'Not seen'],
  not_collected: ['mute', 'Not collected'],
  pending: ['info', 'Pending'],
};
export const COVERAGE_TONE: Record<CoverageStatus, Tone> = {
  parsed: 'ok',
  partial: 'warn',
  failed: 'bad',
  unparsed: 'mute',
  empty: 'mute',
};

export function CaptureTag({ state }: { state: CaptureState }) {
  return (
    <Tag tone={CAPTURE[state]} testid="capture-state" state={state} live={state === 'running'}>
      {words(state)}
    </Tag>
  );
}

export function CorroborationTag({ state }: { state: CorroborationState }) {
  const [tone, text] = CORROBORATION[state];
  return (
    <Tag tone={tone} testid={`corroboration-${state}`} state={state} live={state === 'pending'}>
      {text}
    </Tag>
  );
}

export function CoverageTag({ status }: { status: CoverageStatus }) {
  return (
    <Tag tone={COVERAGE_TONE[status]} state={status}>
      {status}
    </Tag>
  );
}

/** Sealing and processing of an evidence item, in that order, as one state. */
export function EvidenceTag({ evidence }: { evidence: Evidence }) {
  if (evidence.state === 'capturing') {
    return (
      <Tag tone="info" live testid="evidence-state" state="capturing">
        capturing
      </Tag>
    );
  }
  if (evidence.state === 'discarded') {
    return (
      <Tag tone="mute" testid="evidence-state" state="discarded">
        discarded
      </Tag>
    );
  }
  if (evidence.state === 'deleted') {
    return (
      <Tag tone="mute" testid="evidence-state" state="deleted">
        deleted by policy
      </Tag>
    );
  }
  if (evidence.care?.problem) {
    return (
      <Tag tone="bad" testid="evidence-state" state="altered" title={evidence.care.problem}>
        not as it was sealed
      </Tag>
    );
  }
  const processing = evidence.processing?.state;
  const tones: Record<string, Tone> = { waiting: 'mute', running: 'info', done: 'ok', failed: 'bad' };
  return (
    <Tag
      tone={processing ? (tones[processing] ?? 'mute') : 'mute'}
      live={processing === 'running'}
      testid="evidence-state"
      state={processing ?? 'sealed'}
    >
      {processing ? `sealed, processing ${processing}` : 'sealed'}
    </Tag>
  );
}
