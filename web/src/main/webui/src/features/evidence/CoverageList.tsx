import { SegmentedControl } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { coverage } from '@/api/evidence.ts';
import { Empty, Failure, Loading } from '@/ui/Notice.tsx';
import { count } from '@/ui/numbers.ts';
import { Section } from '@/ui/Section.tsx';
import { Table } from '@/ui/Table.tsx';
import { CoverageItem } from './CoverageItem.tsx';
import { worstFirst } from './coverage.ts';

const STATUSES = ['all', 'failed', 'partial', 'unparsed', 'parsed', 'empty'];
const PAGE = 200;
const HEAD = ['Status', 'Path', 'Parser or type', 'Size', 'Found', 'Parsed', 'Rejected', 'Events'];

/** One row for every file and parser; what could not be read comes first. */
export function CoverageList({ id }: { id: string }) {
  const [parameters, setParameters] = useSearchParams();
  const [limit, setLimit] = useState(PAGE);
  const asked = parameters.get('status') ?? 'all';
  const status = STATUSES.includes(asked) ? asked : 'all';
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery({
    ...coverage(id, status === 'all' ? '' : status, limit),
    placeholderData: keepPreviousData,
  });
  const rows = worstFirst(data?.items ?? []);
  return (
    <Section
      id="coverage"
      title="Coverage"
      testid="coverage-list"
      aside={
        <>
          <span>{data ? `${count(rows.length)}${rows.length >= limit ? ' or more' : ''} rows` : ''}</span>
          <SegmentedControl
            size="xs"
            data={STATUSES}
            value={status}
            onChange={(chosen) =>
              setParameters(chosen === 'all' ? {} : { status: chosen }, { replace: true })
            }
            data-testid="coverage-filter"
          />
        </>
      }
    >
      {isPending && <Loading rows={8} />}
      {error && !data && <Failure what="The coverage" error={error} retry={() => void refetch()} />}
      {data && rows.length === 0 && (
        <Empty title={status === 'all' ? 'Nothing has been read yet' : `No file is ${status}`} />
      )}
      {rows.length > 0 && (
        <div style={{ opacity: isPlaceholderData ? 0.6 : 1 }}>
          <Table head={HEAD}>
            {rows.map((row, index) => (
              <CoverageItem key={`${index} ${row.path}`} row={row} />
            ))}
          </Table>
          {rows.length >= limit && (
            <div className="pad">
              <button type="button" onClick={() => setLimit(limit * 4)}>
                show more
              </button>
            </div>
          )}
        </div>
      )}
    </Section>
  );
}
