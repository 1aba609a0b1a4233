import type { TimelineSearch } from '@/api/timeline.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Link } from 'react-router';
import type { Patch } from './patch.ts';
import classes from './TimelinePage.module.css';

const SCOPES = ['incident', 'asset', 'evidence'] as const;
const PAGES = { incident: '/incidents/', asset: '/assets?asset=', evidence: '/evidence/' };

/** What the search is limited to, each with a way out. */
export function ScopeChips({ search, patch }: { search: TimelineSearch; patch: Patch }) {
  return SCOPES.filter((scope) => search[scope]).map((scope) => (
    <span key={scope} className={classes.chip} data-testid={`scope-${scope}`}>
      <span>
        {scope}{' '}
        <Link to={PAGES[scope] + encodeURIComponent(search[scope])}>
          <EvidenceText value={search[scope].slice(0, 18)} mono />
        </Link>
      </span>
      <button
        type="button"
        aria-label={`No longer limit to this ${scope}`}
        onClick={() => patch({ [scope]: '' })}
      >
        ×
      </button>
    </span>
  ));
}
