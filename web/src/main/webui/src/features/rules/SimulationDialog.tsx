import { Modal, SegmentedControl, Stack } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useSimulation } from '@/api/rules.ts';
import type { Rule } from '@/api/types.ts';
import { Banner, Failure, Loading } from '@/ui/Notice.tsx';
import { SimulationResult } from './SimulationResult.tsx';

const DAYS = ['1', '7', '30', '90'];

/** What a rule would have captured over past alerts; nothing is captured and nothing is stored. */
export function SimulationDialog({ rule, onClose }: { rule: Rule; onClose: () => void }) {
  const [days, setDays] = useState('30');
  const { mutate, data, error, isPending } = useSimulation();
  useEffect(() => mutate({ rule, days: Number(days) }), [mutate, rule, days]);
  return (
    <Modal opened onClose={onClose} title={`Simulate “${rule.name}”`} size={920}>
      <Stack
        gap="sm"
        data-testid="simulation"
        data-state={isPending ? 'running' : error ? 'problem' : 'done'}
      >
        <SegmentedControl
          size="xs"
          aria-label="Period"
          data={DAYS.map((value) => ({ value, label: value === '1' ? 'last day' : `last ${value} days` }))}
          value={days}
          onChange={setDays}
          data-testid="simulation-days"
        />
        {!rule.enabled && (
          <Banner tone="info">The rule is off; this is what it would do if it were on.</Banner>
        )}
        {isPending && <Loading rows={6} />}
        {error && (
          <Failure what="The simulation" error={error} retry={() => mutate({ rule, days: Number(days) })} />
        )}
        {data && !isPending && <SimulationResult result={data} />}
      </Stack>
    </Modal>
  );
}
