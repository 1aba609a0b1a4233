import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { capture } from '@/api/captures.ts';
import type { Capture } from '@/api/types.ts';
import { CopyText } from '@/ui/CopyText.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { captureLink } from '@/ui/links.ts';
import { Failure, Loading } from '@/ui/Notice.tsx';
import { Facts, Section } from '@/ui/Section.tsx';
import { Time } from '@/ui/Time.tsx';
import { useTitle } from '@/ui/useTitle.ts';
import { CaptureBody } from './CaptureBody.tsx';
import classes from './CaptureWizard.module.css';

/** One act of acquisition under an address of its own. */
export function CapturePage() {
  const { id = '' } = useParams();
  const { data, error, isPending, refetch } = useQuery(capture(id));
  useTitle(data ? `Capture of ${data.asset.name}` : 'Capture');
  if (isPending) {
    return <Loading rows={8} />;
  }
  if (!data) {
    return <Failure what="This capture" error={error} retry={() => void refetch()} />;
  }
  return (
    <div className="page" data-testid="capture-page">
      <div className="pageHead">
        <h1>
          Capture of <EvidenceText value={data.asset.name} limit={100} />
        </h1>
        <CopyText value={location.href} label="copy link" />
        <span className="spread">
          {data.state === 'failed' && (
            <Link
              to={captureLink(new URLSearchParams(), {
                asset: data.asset.id,
                incident: data.incident ?? undefined,
              })}
            >
              Capture again
            </Link>
          )}
        </span>
      </div>
      <div className={classes.page}>
        <Section title="What is done" testid="capture-view">
          <div className="pad">
            <CaptureBody capture={data} />
          </div>
        </Section>
        <Section title="Facts">
          <Facts facts={factsOf(data)} />
        </Section>
      </div>
    </div>
  );
}

function factsOf(capture: Capture): [string, ReactNode][] {
  const facts: [string, ReactNode][] = [
    [
      'Host',
      <Link key="host" to={`/assets?asset=${encodeURIComponent(capture.asset.id)}`}>
        <EvidenceText value={capture.asset.name} />
      </Link>,
    ],
    ['Requested', <Time key="requested" at={capture.requestedAt} />],
    ['By', <EvidenceText key="by" value={capture.requestedBy} limit={120} />],
  ];
  if (capture.startedAt) {
    facts.push(['Started', <Time key="started" at={capture.startedAt} />]);
  }
  if (capture.endedAt) {
    facts.push(['Ended', <Time key="ended" at={capture.endedAt} />]);
  }
  if (capture.incident) {
    facts.push([
      'Incident',
      <Link key="incident" to={`/incidents/${encodeURIComponent(capture.incident)}/forensics`}>
        open the incident
      </Link>,
    ]);
  }
  facts.push([
    'Evidence',
    <Link key="evidence" to={`/evidence/${encodeURIComponent(capture.evidence)}`} className="mono">
      {capture.evidence}
    </Link>,
  ]);
  if (capture.fallbackOf) {
    facts.push([
      'Follows',
      <Link key="before" to={`/captures/${encodeURIComponent(capture.fallbackOf)}`}>
        the capture that failed before
      </Link>,
    ]);
  }
  return facts;
}
