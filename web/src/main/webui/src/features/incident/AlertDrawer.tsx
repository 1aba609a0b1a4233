import { Button, Drawer, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { rawAlert } from '@/api/incidents.ts';
import type { Alert, Corroboration } from '@/api/types.ts';
import { CopyText } from '@/ui/CopyText.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { captureLink } from '@/ui/links.ts';
import { Banner, Failure, Loading } from '@/ui/Notice.tsx';
import { Facts, Section } from '@/ui/Section.tsx';
import { CorroborationTag } from '@/ui/states.tsx';
import { alertFacts } from './alertFacts.tsx';
import { titleOf } from './context.ts';

const RAW_SHOWN = 20_000;

type Props = { alert: Alert; corroboration: Corroboration | undefined; onClose: () => void };

/** Everything the alert says, normalised, and the body as it came. */
export function AlertDrawer({ alert, corroboration, onClose }: Props) {
  const [search] = useSearchParams();
  return (
    <Drawer opened onClose={onClose} position="right" size={640} title="Alert">
      <Stack gap="sm" data-testid="alert-drawer">
        <Group justify="space-between" wrap="nowrap" align="start">
          <strong>
            <EvidenceText value={titleOf(alert)} />
          </strong>
          {alert.asset && (
            <Button
              component={Link}
              to={captureLink(search, { asset: alert.asset, incident: alert.incident ?? undefined })}
              variant="default"
              style={{ flex: 'none' }}
              data-testid="capture-alert"
            >
              Capture its host
            </Button>
          )}
        </Group>
        {alert.problem && (
          <Banner tone="bad">
            <EvidenceText value={alert.problem} />
          </Banner>
        )}
        {corroboration && (
          <div>
            <CorroborationTag state={corroboration.state} /> <EvidenceText value={corroboration.reason} />
          </div>
        )}
        <Section title="What it says">
          <Facts facts={alertFacts(alert)} />
        </Section>
        <RawBody id={alert.id} />
      </Stack>
    </Drawer>
  );
}

function RawBody({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  const raw = useQuery({ ...rawAlert(id), enabled: open });
  return (
    <Section
      title="Raw body"
      aside={
        <>
          {raw.data && <CopyText value={raw.data} />}
          {!open && (
            <button type="button" onClick={() => setOpen(true)} data-testid="raw-open">
              show
            </button>
          )}
        </>
      }
    >
      {open && raw.isPending && <Loading rows={4} />}
      {raw.error && <Failure what="The raw body" error={raw.error} retry={() => void raw.refetch()} />}
      {raw.data !== undefined && (
        <div className="pad" data-testid="raw-alert">
          <EvidenceText value={pretty(raw.data)} limit={RAW_SHOWN} lines mono />
        </div>
      )}
    </Section>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
