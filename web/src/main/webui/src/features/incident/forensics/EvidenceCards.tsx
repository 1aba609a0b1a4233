import { useState } from 'react';
import { Link } from 'react-router';
import { useVerify } from '@/api/evidence.ts';
import type { Evidence } from '@/api/types.ts';
import { CopyText } from '@/ui/CopyText.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Empty } from '@/ui/Notice.tsx';
import { bytes, count } from '@/ui/numbers.ts';
import { Progress } from '@/ui/Progress.tsx';
import { Section } from '@/ui/Section.tsx';
import { EvidenceTag } from '@/ui/states.tsx';
import { Time } from '@/ui/Time.tsx';
import { VerifyResult } from '@/ui/VerifyResult.tsx';
import { CustodyDrawer } from './CustodyDrawer.tsx';
import classes from './ForensicsTab.module.css';

/** The sealed bytes behind everything above. */
export function EvidenceCards({ evidence }: { evidence: Evidence[] }) {
  return (
    <Section title="Evidence" aside={evidence.length} testid="evidence-cards">
      {evidence.length === 0 ? (
        <Empty title="No evidence yet" />
      ) : (
        <div className={classes.cards}>
          {evidence.map((item) => (
            <EvidenceCard key={item.id} evidence={item} />
          ))}
        </div>
      )}
    </Section>
  );
}

function EvidenceCard({ evidence }: { evidence: Evidence }) {
  const verify = useVerify(evidence.id);
  const [custody, setCustody] = useState(false);
  const { processing } = evidence;
  return (
    <div className={classes.card} data-testid="evidence-card" data-id={evidence.id}>
      <div className={classes.cardTop}>
        <Link to={`/evidence/${encodeURIComponent(evidence.id)}`} className="mono">
          {evidence.id}
        </Link>
        <EvidenceTag evidence={evidence} />
      </div>
      <div className={classes.row}>
        <EvidenceText value={evidence.asset.name} limit={60} />
        <span className="dim">{evidence.profile}</span>
        <span>{bytes(evidence.size)}</span>
        <span className="dim">{evidence.sealedAt ? 'sealed' : 'started'}</span>
        <Time at={evidence.sealedAt ?? evidence.createdAt} />
      </div>
      {evidence.sha256 ? (
        <div className={classes.row}>
          <code style={{ overflowWrap: 'anywhere' }} data-testid="evidence-sha256">
            {evidence.sha256}
          </code>
          <CopyText value={evidence.sha256} label="copy SHA-256" />
        </div>
      ) : (
        <span className="dim">SHA-256 is known when it is sealed.</span>
      )}
      {processing?.state === 'running' && (
        <Progress done={processing.done} total={processing.total} label="Processing" />
      )}
      {processing && (
        <span className={processing.state === 'failed' ? classes.bad : 'dim'}>
          <EvidenceText value={processing.text || `${count(processing.events)} events`} limit={200} />
        </span>
      )}
      <div className={classes.row}>
        <button
          type="button"
          onClick={() => verify.mutate()}
          disabled={verify.isPending || evidence.state !== 'sealed'}
          data-testid="verify-now"
        >
          {verify.isPending ? 'reading every byte…' : 'verify now'}
        </button>
        <button type="button" onClick={() => setCustody(true)} data-testid="custody-open">
          custody
        </button>
        <VerifyResult result={verify.data} error={verify.error} />
      </div>
      {custody && <CustodyDrawer id={evidence.id} onClose={() => setCustody(false)} />}
    </div>
  );
}
