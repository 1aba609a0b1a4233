import { Button, Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useEnrol } from '@/api/settings.ts';
import { CopyText } from '@/ui/CopyText.tsx';
import { Banner } from '@/ui/Notice.tsx';
import { Facts } from '@/ui/Section.tsx';
import { Time } from '@/ui/Time.tsx';

/** A token that works once, and the command that uses it. */
export function Enrol() {
  const [name, setName] = useState('');
  const enrol = useEnrol();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enrol.mutate(name.trim());
  };
  return (
    <form onSubmit={submit} className="pad" style={{ borderBottom: '1px solid var(--v-line)' }}>
      <Group gap="xs">
        <TextInput
          placeholder="name of the machine (optional)"
          aria-label="Name of the machine"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          w={260}
        />
        <Button type="submit" loading={enrol.isPending} data-testid="enrol-create">
          Create enrolment
        </Button>
        <span className="dim">One machine, one use. The token is shown once.</span>
      </Group>
      {enrol.error && <Banner tone="bad">{enrol.error.message}</Banner>}
      {enrol.data && (
        <div data-testid="enrolment">
          <Facts
            facts={[
              [
                'Run there',
                <>
                  <code data-testid="enrolment-command">{enrol.data.command}</code>{' '}
                  <CopyText value={enrol.data.command} />
                </>,
              ],
              ['Valid until', <Time key="until" at={enrol.data.expiresAt} />],
              ['Server', <code key="server">{enrol.data.server}</code>],
              ['Certificate', <code key="fingerprint">{enrol.data.fingerprint}</code>],
            ]}
          />
        </div>
      )}
    </form>
  );
}
