import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { integration as one, useCheckIntegration } from '@/api/integrations.ts';
import type { Integration } from '@/api/types.ts';
import { CheckSummary, CheckTable } from '@/ui/CheckTable.tsx';
import { Banner, Empty, Loading } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { Time } from '@/ui/Time.tsx';

const PATIENCE_MS = 90_000;

/** What the credentials may do at the vendor, looked at by a worker: missing, too broad, fine. */
export function Rights({ integration, asked }: { integration: Integration; asked: boolean }) {
  const test = useCheckIntegration();
  const [before, setBefore] = useState(
    asked || !integration.checkedAt ? (integration.checkedAt ?? null) : undefined,
  );
  const [late, setLate] = useState(false);
  const waiting = before !== undefined && (integration.checkedAt ?? null) === before;
  useQuery(one(integration.id, waiting && !late));
  useEffect(() => {
    if (!waiting) {
      return;
    }
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  const ask = () => {
    setLate(false);
    setBefore(integration.checkedAt ?? null);
    test.mutate(integration.id);
  };
  return (
    <Section
      title="Rights at the vendor"
      testid="rights"
      aside={
        <>
          {integration.checks.length > 0 && <CheckSummary checks={integration.checks} />}
          {integration.checkedAt && (
            <span data-testid="checked-at" data-at={integration.checkedAt}>
              <Time at={integration.checkedAt} />
            </span>
          )}
          <Button onClick={ask} loading={waiting && !late && !test.error} data-testid="integration-test">
            Test
          </Button>
        </>
      }
    >
      {test.error && <Banner tone="bad">{test.error.message}</Banner>}
      {late && waiting && (
        <Banner tone="warn">No worker has answered yet. Is one running? The result appears here.</Banner>
      )}
      {waiting && !late && integration.checks.length === 0 && <Loading rows={4} />}
      {!waiting && integration.checks.length === 0 && (
        <Empty title={integration.checkedAt ? 'There is nothing to look at' : 'Not looked at yet'}>
          {integration.checkedAt
            ? 'This vendor only sends; it grants no rights.'
            : 'Save, then press Test: every right is looked at and nothing is changed.'}
        </Empty>
      )}
      {integration.checks.length > 0 && <CheckTable checks={integration.checks} />}
    </Section>
  );
}
