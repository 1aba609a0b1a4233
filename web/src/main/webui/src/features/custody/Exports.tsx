import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { caseUrl, exportsOf, packageUrl, reportUrl, useExport } from '@/api/custody.ts';
import type { PackageExport } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Banner } from '@/ui/Notice.tsx';
import { bytes } from '@/ui/numbers.ts';
import { Section } from '@/ui/Section.tsx';
import { Tag } from '@/ui/Tag.tsx';
import { Time } from '@/ui/Time.tsx';
import classes from './Custody.module.css';

/** Packages that anybody can check offline, the printed report, and the log for other tools. */
export function Exports({ id, sealed }: { id: string; sealed: boolean }) {
  const [reason, setReason] = useState('');
  const { data } = useQuery(exportsOf(id));
  const ask = useExport(id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate(reason.trim(), { onSuccess: () => setReason('') });
  };
  return (
    <Section
      title="Export"
      testid="custody-exports"
      aside={
        <>
          <a href={reportUrl(id)} download data-testid="custody-pdf">
            Report (PDF)
          </a>
          <a href={caseUrl(id)} download data-testid="custody-case">
            CASE/UCO
          </a>
        </>
      }
    >
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          required
          maxLength={200}
          placeholder="why the package is wanted"
          aria-label="Reason for the export"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          disabled={!sealed}
          data-testid="export-reason"
        />
        <Button type="submit" loading={ask.isPending} disabled={!sealed} data-testid="export-ask">
          Make package
        </Button>
      </form>
      {ask.error && <Banner tone="bad">{ask.error.message}</Banner>}
      {data?.items.map((one) => (
        <Row key={one.id} id={id} one={one} />
      ))}
    </Section>
  );
}

function Row({ id, one }: { id: string; one: PackageExport }) {
  return (
    <div className={classes.row} data-testid="export-row" data-state={one.state}>
      {one.state === 'ready' && (
        <a href={packageUrl(id, one.id)} download data-testid="export-download">
          Download {bytes(one.size ?? 0)}
        </a>
      )}
      {one.state === 'preparing' && (
        <Tag tone="info" live>
          being signed
        </Tag>
      )}
      {one.state === 'failed' && (
        <span style={{ color: 'var(--v-bad)' }}>
          <EvidenceText value={one.problem ?? 'failed'} limit={300} />
        </span>
      )}{' '}
      <EvidenceText value={one.reason} limit={200} />{' '}
      <span className="dim">
        {one.requestedBy}, <Time at={one.requestedAt} precision="second" />
      </span>
    </div>
  );
}
