import type { TimelineSearch } from '@/api/timeline.ts';
import type { FieldValue, TimelineEvent } from '@/api/types.ts';
import { CopyText } from '@/ui/CopyText.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { add } from './clauses.ts';
import { fieldsOf } from './fields.ts';
import type { Patch } from './patch.ts';
import classes from './TimelinePage.module.css';

type Props = { event: TimelineEvent; search: TimelineSearch; patch: Patch };

/** Every field; pointing at one offers: only these, not these, copy. */
export function EventFields({ event, search, patch }: Props) {
  return (
    <div className={classes.fields} data-testid="event-fields">
      {fieldsOf(event).map(([name, value], index) => (
        <Field key={index} name={name} value={value} search={search} patch={patch} />
      ))}
    </div>
  );
}

function Field({
  name,
  value,
  search,
  patch,
}: {
  name: string;
  value: FieldValue;
  search: TimelineSearch;
  patch: Patch;
}) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const searchable = typeof value !== 'object';
  const filter = (mode: 'include' | 'exclude') => patch({ q: add(search.q, name, text, mode) });
  return (
    <div className={classes.field} data-testid="event-field" data-field={name}>
      <span className={classes.fieldName}>
        <EvidenceText value={name} limit={120} />
      </span>
      <span>
        <EvidenceText value={text} limit={500} lines mono />
      </span>
      <span className={classes.tools}>
        {searchable && (
          <>
            <button
              type="button"
              className={classes.plain}
              title="Only events with this value"
              onClick={() => filter('include')}
            >
              +
            </button>
            <button
              type="button"
              className={classes.plain}
              title="Only events without this value"
              onClick={() => filter('exclude')}
            >
              −
            </button>
          </>
        )}
        <CopyText value={text} />
      </span>
    </div>
  );
}
