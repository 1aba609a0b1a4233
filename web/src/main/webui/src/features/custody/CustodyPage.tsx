import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { custody, evidence, useVerify } from '@/api/evidence.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Banner, Empty, Failure, Loading } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { EvidenceTag } from '@/ui/states.tsx';
import { useTitle } from '@/ui/useTitle.ts';
import { VerifyResult } from '@/ui/VerifyResult.tsx';
import { Chain } from './Chain.tsx';
import { brokenLinks } from './acts.ts';
import classes from './Custody.module.css';
import { Exports } from './Exports.tsx';
import { Hold } from './Hold.tsx';
import { Offline } from './Offline.tsx';

/** Who touched the evidence, and how anybody checks that it is what was captured. */
export function CustodyPage() {
  const { id = '' } = useParams();
  const item = useQuery(evidence(id));
  const log = useQuery(custody(id));
  const verify = useVerify(id);
  useTitle(`Custody of ${id}`);
  if (item.isPending || log.isPending) {
    return <Loading rows={12} />;
  }
  if (!item.data) {
    return <Failure what="This evidence" error={item.error} retry={() => void item.refetch()} />;
  }
  const sealed = item.data.state === 'sealed';
  const entries = log.data?.items ?? [];
  const broken = brokenLinks(entries);
  return (
    <div className="page" data-testid="custody-page">
      <div className="pageHead">
        <h1>
          Custody of{' '}
          <Link to={`/evidence/${encodeURIComponent(id)}`} className="mono">
            {id}
          </Link>
        </h1>
        <EvidenceTag evidence={item.data} />
        <span className="dim">
          <EvidenceText value={item.data.asset.name} limit={100} />
        </span>
        <span className="spread">
          <VerifyResult result={verify.data} error={verify.error} />
          <Button
            loading={verify.isPending}
            disabled={!sealed}
            onClick={() => verify.mutate()}
            data-testid="verify-now"
          >
            Read every byte and check
          </Button>
        </span>
      </div>
      {item.data.care?.problem && (
        <Banner tone="bad" testid="custody-alarm">
          Not as it was sealed: <EvidenceText value={item.data.care.problem} limit={400} />
        </Banner>
      )}
      <div className={classes.columns}>
        <Section
          title="Chain of custody"
          testid="custody-section"
          aside={
            broken.length === 0
              ? 'each entry holds the SHA-256 of the one before'
              : `broken at entry ${broken.join(', ')}`
          }
        >
          {log.error && <Failure what="The custody log" error={log.error} retry={() => void log.refetch()} />}
          {log.data && entries.length === 0 && <Empty title="No custody entries yet" />}
          <Chain entries={entries} />
        </Section>
        <div className={classes.side}>
          <Exports id={id} sealed={sealed} />
          <Offline id={id} entries={entries.length} head={entries.at(-1)?.digest} />
          <Hold id={id} care={item.data.care} sealed={sealed} />
        </div>
      </div>
    </div>
  );
}
