import type { TimelineSearch } from '@/api/timeline.ts';
import type { Sources } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Empty } from '@/ui/Notice.tsx';
import { plural } from '@/ui/numbers.ts';
import type { Patch } from './patch.ts';
import { EvidenceLinks } from './SourcesBanner.tsx';

/** No event matches: what was searched, and above all what was not. */
export function NoHits({
  search,
  sources,
  patch,
}: {
  search: TimelineSearch;
  sources: Sources;
  patch: Patch;
}) {
  const { read, running, failed, notCollected } = sources;
  const unread = running.length + failed.length + notCollected.length;
  return (
    <Empty title="No event matches" testid="no-hits">
      <p>
        {read.length === 0
          ? 'No evidence has been read for this search.'
          : `${plural(read.length, 'evidence item')} searched.`}
        {unread === 0 && read.length > 0 && ' Everything that was captured has been read.'}
      </p>
      {running.length > 0 && (
        <p>
          Still being read: <EvidenceLinks ids={running} />
        </p>
      )}
      {failed.length > 0 && (
        <p>
          Could not be read: <EvidenceLinks ids={failed} />
        </p>
      )}
      {notCollected.map((name, index) => (
        <p key={index}>
          Not collected: <EvidenceText value={name} />
        </p>
      ))}
      {(search.from || search.to) && (
        <button type="button" onClick={() => patch({ from: '', to: '' })}>
          search all times
        </button>
      )}
    </Empty>
  );
}
