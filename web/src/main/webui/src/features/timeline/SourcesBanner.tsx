import { Link } from 'react-router';
import type { Sources } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Banner } from '@/ui/Notice.tsx';
import { plural } from '@/ui/numbers.ts';

/** Says when the rows below are not the whole truth. Nothing to say, nothing shown. */
export function SourcesBanner({ sources }: { sources: Sources }) {
  const { running, failed, notCollected } = sources;
  if (running.length + failed.length + notCollected.length === 0) {
    return null;
  }
  return (
    <Banner
      tone={failed.length > 0 ? 'bad' : notCollected.length > 0 ? 'warn' : 'info'}
      testid="sources-banner"
    >
      {running.length > 0 && (
        <span>
          {plural(running.length, 'source')} still being read, results will grow:{' '}
          <EvidenceLinks ids={running} />
        </span>
      )}
      {failed.length > 0 && (
        <span>
          {plural(failed.length, 'source')} could not be read: <EvidenceLinks ids={failed} />
        </span>
      )}
      {notCollected.length > 0 && (
        <span>
          Not collected: <EvidenceText value={notCollected.join(' · ')} limit={300} />
        </span>
      )}
    </Banner>
  );
}

export function EvidenceLinks({ ids }: { ids: string[] }) {
  return ids.map((id, index) => (
    <span key={id}>
      {index > 0 && ', '}
      <Link to={`/evidence/${encodeURIComponent(id)}`} className="mono">
        {id}
      </Link>
    </span>
  ));
}
