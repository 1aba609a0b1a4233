import { SegmentedControl } from '@mantine/core';
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { coverage } from '@/api/evidence.ts';
import { Empty, Failure, Loading } from '@/ui/Notice.tsx';
import { count } from '@/ui/numbers.ts';
import { Section } from '@/ui/Section.tsx';
import { Table } from '@/ui/Table.tsx';
import { CoverageItem } from './CoverageItem.tsx';
import { STATUSES, warningsFirst } from './coverage.ts';

const FIRST = 200;
/** The server answers no more at once. */
const MOST = 1_000;
const HEAD = ['Status', 'Path', 'Parser or type', 'Size', 'Found', 'Parsed', 'Rejected', 'Events'];

/** One row for every file and parser; what could not be read comes first. */
export function CoverageList({ id }: { id: string }) {
  const [parameters, setParameters] = useSearchParams();
  const [limit, setLimit] = useState(FIRST);
  const asked = STATUSES.filter((status) => status === parameters.get('status'));
  const statuses = asked.length > 0 ? asked : STATUSES;
  const answers = useQueries({
    queries: statuses.map((status) => ({
      ...coverage(id, status, limit),
      placeholderData: keepPreviousData,
    })),
  });
  const lists = answers.map(({ data }) => data?.items ?? []);
  const rows = lists.flatMap(warningsFirst);
  const failed = answers.find(({ error, data }) => error && !data);
  const cut = lists.some((list) => list.length >= limit);
  const reload = () => answers.forEach((answer) => void answer.refetch());
  return (
    <Section
      id="coverage"
      title="Coverage"
      testid="coverage-list"
      aside={
        <>
          <span>{`${count(rows.length)}${cut ? ' or more' : ''} rows`}</span>
          <SegmentedControl
            size="xs"
            data={['all', ...STATUSES]}
            value={asked[0] ?? 'all'}
            onChange={(chosen) =>
              setParameters(chosen === 'all' ? {} : { status: chosen }, { replace: true })
            }
            data-testid="coverage-filter"
          />
        </>
      }
    >
      {answers.some(({ isPending }) => isPending) && rows.length === 0 && <Loading rows={8} />}
      {failed && <Failure what="The coverage" error={failed.error} retry={reload} />}
      {!failed && rows.length === 0 && answers.every(({ isSuccess }) => isSuccess) && (
        <Empty title={asked.length === 0 ? 'Nothing has been read yet' : `No file is ${asked[0]}`} />
      )}
      {rows.length > 0 && (
        <Table head={HEAD} numbers={['Size', 'Found', 'Parsed', 'Rejected', 'Events']}>
          {rows.map((row, index) => (
            <CoverageItem key={`${index} ${row.path}`} row={row} />
          ))}
        </Table>
      )}
      {cut && (
        <div className="pad dim">
          {limit < MOST ? (
            <button type="button" onClick={() => setLimit(MOST)}>
              show more
            </button>
          ) : (
            `Only the first ${count(MOST)} rows of each status are listed here; the evidence package holds all of them.`
          )}
        </div>
      )}
    </Section>
  );
}
