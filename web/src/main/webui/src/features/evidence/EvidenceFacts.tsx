import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Evidence } from '@/api/types.ts';
import { CopyText } from '@/ui/CopyText.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { bytes, count, plural } from '@/ui/numbers.ts';
import { Progress } from '@/ui/Progress.tsx';
import { Facts, Section } from '@/ui/Section.tsx';
import { Time } from '@/ui/Time.tsx';
import { duration } from '@/ui/time.ts';

/** The item's facts, its digest, and how far its processing is. */
export function EvidenceFacts({ evidence }: { evidence: Evidence }) {
  const facts: [string, ReactNode][] = [
    [
      'SHA-256',
      evidence.sha256 ? (
        <>
          <code data-testid="evidence-sha256">{evidence.sha256}</code> <CopyText value={evidence.sha256} />
        </>
      ) : (
        <span className="dim">known when it is sealed</span>
      ),
    ],
    ['Size', `${bytes(evidence.size)} (${count(evidence.size)} bytes) in ${plural(evidence.parts, 'part')}`],
    ['Key', <code key="key">{evidence.key}</code>],
    [
      'Asset',
      <Link key="asset" to={`/assets?asset=${encodeURIComponent(evidence.asset.id)}`}>
        <EvidenceText value={evidence.asset.name} limit={100} />
      </Link>,
    ],
    ['Captured by', `${evidence.provider}, profile ${evidence.profile}`],
    ['Capture began', <Time key="created" at={evidence.createdAt} precision="millisecond" />],
    [
      'Sealed',
      evidence.sealedAt ? <Time key="sealed" at={evidence.sealedAt} precision="millisecond" /> : 'not yet',
    ],
  ];
  if (evidence.sameBytesAs) {
    facts.push([
      'Same bytes as',
      <Link key="same" to={`/evidence/${encodeURIComponent(evidence.sameBytesAs)}`} className="mono">
        {evidence.sameBytesAs}
      </Link>,
    ]);
  }
  return (
    <Section title="Facts" testid="evidence-facts">
      <Facts facts={[...facts, ...processingFacts(evidence)]} />
    </Section>
  );
}

function processingFacts({ processing }: Evidence): [string, ReactNode][] {
  if (!processing) {
    return [
      [
        'Processing',
        <span key="none" className="dim">
          not started
        </span>,
      ],
    ];
  }
  const { state, startedAt, endedAt, events, text, done, total } = processing;
  const took = startedAt && endedAt ? `, took ${duration(Date.parse(endedAt) - Date.parse(startedAt))}` : '';
  return [
    [
      'Processing',
      <div key="processing" data-testid="processing-state" data-state={state} style={{ maxWidth: 560 }}>
        <span style={state === 'failed' ? { color: 'var(--v-bad)' } : undefined}>
          {state}
          {took}, <EvidenceText value={text || `${count(events)} events`} limit={300} />
        </span>
        {state === 'running' && <Progress done={done} total={total} label="Processing" />}
      </div>,
    ],
  ];
}
