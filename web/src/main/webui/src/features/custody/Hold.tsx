import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useHold } from '@/api/custody.ts';
import type { Care } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Banner } from '@/ui/Notice.tsx';
import { Facts, Section } from '@/ui/Section.tsx';
import { Time } from '@/ui/Time.tsx';
import classes from './Custody.module.css';

/** What keeps the evidence from being deleted, and when it was last read back. */
export function Hold({ id, care, sealed }: { id: string; care?: Care | null; sealed: boolean }) {
  const [reason, setReason] = useState('');
  const change = useHold(id);
  const held = Boolean(care?.hold);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ held: !held, reason: reason.trim() }, { onSuccess: () => setReason('') });
  };
  return (
    <Section title="Keeping" testid="custody-hold">
      <Facts
        facts={[
          [
            'Legal hold',
            care?.hold ? (
              <span data-testid="hold-state">
                <EvidenceText value={care.hold.reason} limit={200} />{' '}
                <span className="dim">
                  {care.hold.by}, <Time at={care.hold.at} precision="second" />
                </span>
              </span>
            ) : (
              <span data-testid="hold-state">none</span>
            ),
          ],
          [
            'Retention',
            care?.retainUntil ? <Time key="r" at={care.retainUntil} precision="second" /> : 'none',
          ],
          [
            'Read back',
            care?.checkedAt ? (
              <Time key="c" at={care.checkedAt} precision="second" />
            ) : (
              'not since it was sealed'
            ),
          ],
        ]}
      />
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          required
          maxLength={200}
          placeholder={held ? 'why the hold is lifted' : 'why it must be kept'}
          aria-label="Reason for the hold"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          disabled={!sealed}
          data-testid="hold-reason"
        />
        <Button
          type="submit"
          variant="default"
          loading={change.isPending}
          disabled={!sealed}
          data-testid="hold-change"
        >
          {held ? 'Lift hold' : 'Place hold'}
        </Button>
      </form>
      {change.error && <Banner tone="bad">{change.error.message}</Banner>}
    </Section>
  );
}
