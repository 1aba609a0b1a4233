import { Button, Group, Stack, Switch, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Integration, Vendor } from '@/api/types.ts';
import { Banner } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { blank, type Draft, draftOf } from './draft.ts';
import { Inbound } from './Inbound.tsx';
import { Settings } from './Settings.tsx';
import { Uses } from './Uses.tsx';

type Props = {
  vendor: Vendor;
  integration?: Integration;
  busy: boolean;
  error: Error | null;
  onSave: (draft: Draft) => void;
};

/** Everything that can be set, generated from what the vendor asks for. Start it anew for what was saved. */
export function IntegrationForm({ vendor, integration, busy, error, onSave }: Props) {
  const [draft, setDraft] = useState(() => (integration ? draftOf(integration) : blank(vendor)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave(draft);
  };
  return (
    <form onSubmit={submit} data-testid="integration-form">
      <Section
        title="Connection"
        aside={vendor.guide && <span>set-up: docs/providers/{vendor.guide}.md</span>}
      >
        <Stack gap="sm" className="pad">
          <TextInput
            label="Name"
            description="Of this connection, e.g. of the tenant."
            required
            maxLength={200}
            value={draft.name}
            onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
            data-testid="field-name"
          />
          <Settings vendor={vendor} draft={draft} kept={integration?.secrets ?? []} onChange={setDraft} />
        </Stack>
      </Section>
      {vendor.uses.length > 0 && (
        <Section title="What it is used for">
          <div className="pad">
            <Uses vendor={vendor} uses={draft.uses} onChange={(uses) => setDraft({ ...draft, uses })} />
          </div>
        </Section>
      )}
      {vendor.sources.length > 0 && (
        <Section title="Alerts it sends" testid="inbound">
          <div className="pad">
            <Inbound
              vendor={vendor}
              inbound={draft.inbound}
              kept={integration?.inbound}
              onChange={(inbound) => setDraft({ ...draft, inbound })}
            />
          </div>
        </Section>
      )}
      {error && (
        <Banner tone="bad" testid="integration-error">
          {error.message}
        </Banner>
      )}
      <Group justify="flex-end">
        <Switch
          label="On"
          checked={draft.enabled}
          onChange={(event) => setDraft({ ...draft, enabled: event.currentTarget.checked })}
          data-testid="integration-enabled"
        />
        <Button type="submit" loading={busy} data-testid="integration-save">
          Save
        </Button>
      </Group>
    </form>
  );
}
