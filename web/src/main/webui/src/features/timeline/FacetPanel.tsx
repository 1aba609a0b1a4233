import { useQuery } from '@tanstack/react-query';
import { FACET_FIELDS, facets, type TimelineSearch } from '@/api/timeline.ts';
import { visible } from '@/ui/text.ts';
import { Loading } from '@/ui/Notice.tsx';
import { count } from '@/ui/numbers.ts';
import { add, mode, remove } from './clauses.ts';
import type { Patch } from './patch.ts';
import classes from './TimelinePage.module.css';

const NAMES: Record<string, string> = { data_type: 'type', timestamp_desc: 'what the time means' };

type Props = { search: TimelineSearch; growing: boolean; patch: Patch; disabled: boolean };

/** The most frequent values with their counts; a click asks for one, − rules it out, a second click takes it back. */
export function FacetPanel({ search, growing, patch, disabled }: Props) {
  const { data, isPending, error } = useQuery({ ...facets(search, growing), enabled: !disabled });
  return (
    <aside className={classes.facets} data-testid="facets">
      {isPending && !disabled && <Loading rows={12} height={16} />}
      {error && !disabled && <div className="pad dim">Counts could not be loaded: {error.message}</div>}
      {FACET_FIELDS.map((field) => {
        const values = data?.facets[field] ?? [];
        return (
          values.length > 0 && (
            <div key={field} className={classes.facet} data-testid={`facet-${field}`}>
              <h3>{NAMES[field] ?? field}</h3>
              {values.map(({ value, count: events }) => (
                <FacetValue
                  key={value}
                  field={field}
                  value={value}
                  events={events}
                  search={search}
                  patch={patch}
                />
              ))}
            </div>
          )
        );
      })}
    </aside>
  );
}

type ValueProps = { field: string; value: string; events: number; search: TimelineSearch; patch: Patch };

function FacetValue({ field, value, events, search, patch }: ValueProps) {
  const active = mode(search.q, field, value);
  const shown = visible(value);
  const toggle = (wanted: 'include' | 'exclude') =>
    patch({ q: active === wanted ? remove(search.q, field, value) : add(search.q, field, value, wanted) });
  return (
    <div className={classes.value} data-mode={active} data-testid="facet-value">
      <button type="button" className={classes.valueName} title={shown} onClick={() => toggle('include')}>
        <bdi>{shown || '(empty)'}</bdi>
      </button>
      <span className={classes.valueCount}>{count(events)}</span>
      <span className={classes.tools}>
        <button type="button" className={classes.plain} title="Only these" onClick={() => toggle('include')}>
          +
        </button>
        <button
          type="button"
          className={classes.plain}
          title="Not these"
          onClick={() => toggle('exclude')}
          data-testid="facet-exclude"
        >
          −
        </button>
      </span>
    </div>
  );
}
