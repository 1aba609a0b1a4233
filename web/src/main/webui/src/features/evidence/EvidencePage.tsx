import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { custody, downloadUrl, evidence, useVerify } from '@/api/evidence.ts';
import { CustodyTable } from '@/ui/CustodyTable.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { custodyLink, filesLink, timelineLink } from '@/ui/links.ts';
import { Failure, Loading } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { EvidenceTag } from '@/ui/states.tsx';
import { VerifyResult } from '@/ui/VerifyResult.tsx';
import { useTitle } from '@/ui/useTitle.ts';
import { CoverageList } from './CoverageList.tsx';
import { EvidenceFacts } from './EvidenceFacts.tsx';
import { KeyList } from './KeyList.tsx';

/** One evidence item: what it is, who touched it, what was read of it. */
export function EvidencePage() {
  const { id = '' } = useParams();
  const item = useQuery(evidence(id));
  const entries = useQuery(custody(id));
  const verify = useVerify(id);
  useTitle(id);
  if (item.isPending) {
    return <Loading rows={12} />;
  }
  if (!item.data) {
    return <Failure what="This evidence" error={item.error} retry={() => void item.refetch()} />;
  }
  const sealed = item.data.state === 'sealed';
  return (
    <div className="page" data-testid="evidence-page">
      <div className="pageHead">
        <h1 className="mono">{item.data.id}</h1>
        <EvidenceTag evidence={item.data} />
        <span className="dim">
          <EvidenceText value={item.data.asset.name} limit={100} />
        </span>
        <span className="spread">
          <VerifyResult result={verify.data} error={verify.error} />
          <Button
            variant="default"
            loading={verify.isPending}
            disabled={!sealed}
            onClick={() => verify.mutate()}
            data-testid="verify-now"
          >
            Verify now
          </Button>
          <Button component={Link} variant="default" to={custodyLink(id)} data-testid="open-custody">
            Custody and export
          </Button>
          {sealed && (
            <Button component={Link} variant="default" to={filesLink(id)} data-testid="open-files">
              Browse files
            </Button>
          )}
          {sealed && (
            <Button component="a" variant="default" href={downloadUrl(id)} download data-testid="download">
              Download
            </Button>
          )}
          <Button component={Link} to={timelineLink({ evidence: id })} data-testid="open-timeline">
            Open in timeline
          </Button>
        </span>
      </div>
      <EvidenceFacts evidence={item.data} />
      <CoverageList id={id} />
      {(item.data.state === 'sealed' || item.data.state === 'capturing') && <KeyList id={id} />}
      <Section title="Custody" aside="each entry holds the digest of the one before" testid="custody-section">
        {entries.isPending && <Loading rows={5} />}
        {entries.error && (
          <Failure what="The custody log" error={entries.error} retry={() => void entries.refetch()} />
        )}
        {entries.data && <CustodyTable entries={entries.data.items} />}
      </Section>
    </div>
  );
}
