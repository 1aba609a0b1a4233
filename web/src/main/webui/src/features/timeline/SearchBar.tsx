import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { TimelineSearch } from '@/api/timeline.ts';
import { useLocation } from 'react-router';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import type { Patch } from './patch.ts';
import { QueryHelp } from './QueryHelp.tsx';
import { parseUtc } from './searchState.ts';
import classes from './TimelinePage.module.css';

type Props = { search: TimelineSearch; patch: Patch; problem: string | undefined };

/** What to look for and when. Enter searches; the address changes with it. */
export function SearchBar(props: Props) {
  const { q, from, to } = props.search;
  return <SearchForm key={JSON.stringify([q, from, to])} {...props} />;
}

function SearchForm({ search, patch, problem }: Props) {
  const [q, setQ] = useState(search.q);
  const [from, setFrom] = useState(short(search.from));
  const [to, setTo] = useState(short(search.to));
  const { state } = useLocation() as { state: { search?: boolean } | null };
  const times = { from: parseUtc(from), to: parseUtc(to) };
  const bad = times.from === undefined || times.to === undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (times.from !== undefined && times.to !== undefined) {
      patch({ q: q.trim(), from: times.from, to: times.to });
    }
  };
  return (
    <form className={classes.search} onSubmit={submit} role="search" data-testid="timeline-search">
      <TextInput
        aria-label="Search"
        placeholder='Search, e.g. curl AND user:"www-data"   (press / )'
        value={q}
        onChange={(event) => setQ(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        error={problem !== undefined}
        spellCheck={false}
        autoComplete="off"
        rightSection={<QueryHelp />}
        data-search
        autoFocus={state?.search}
        data-testid="timeline-q"
      />
      <TextInput
        aria-label="From, UTC"
        placeholder="from (UTC)"
        title="From, UTC: 2026-11-22 01:00"
        value={from}
        error={times.from === undefined}
        onChange={(event) => setFrom(event.currentTarget.value)}
        data-testid="timeline-from"
      />
      <TextInput
        aria-label="To, UTC"
        placeholder="to (UTC)"
        title="To, UTC: 2026-11-22 02:00"
        value={to}
        error={times.to === undefined}
        onChange={(event) => setTo(event.currentTarget.value)}
        data-testid="timeline-to"
      />
      <Button type="submit" disabled={bad}>
        Search
      </Button>
      <Button
        variant="default"
        onClick={() => patch({ q: '', from: '', to: '' })}
        disabled={!search.q && !search.from && !search.to && !q && !from && !to}
      >
        Clear
      </Button>
      {(problem !== undefined || bad) && (
        <div className={classes.problem} role="alert" data-testid="query-problem">
          {bad ? (
            'Times are UTC and look like 2026-11-22 or 2026-11-22 01:05.'
          ) : (
            <EvidenceText value={problem ?? ''} limit={300} />
          )}
        </div>
      )}
    </form>
  );
}

/** As people write it: a blank for the T, no empty seconds' fraction. */
function short(iso: string): string {
  return iso.replace('T', ' ').replace(/\.000Z$/, 'Z');
}
