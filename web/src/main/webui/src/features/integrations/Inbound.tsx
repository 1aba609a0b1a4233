import { Select, SimpleGrid, Stack, Switch } from '@mantine/core';
import type { InboundKind, Integration, Vendor } from '@/api/types.ts';
import { CopyText } from '@/ui/CopyText.tsx';
import { sourceName } from '@/ui/sources.ts';
import { blankInbound, type Draft, type InboundDraft, PROOFS } from './draft.ts';
import { FieldInput } from './FieldInput.tsx';
import { SecretInput } from './SecretInput.tsx';

type Props = {
  vendor: Vendor;
  inbound: InboundDraft | null;
  kept: Integration['inbound'];
  onChange: (inbound: Draft['inbound']) => void;
};

/** Alerts the vendor sends here by itself, and how it proves where they come from. */
export function Inbound({ vendor, inbound, kept, onChange }: Props) {
  const set = (change: Partial<InboundDraft>) => inbound && onChange({ ...inbound, ...change });
  return (
    <Stack gap="xs">
      <Switch
        label="The vendor sends alerts to Varve"
        description="It gets an address of its own and proves itself with every alert."
        checked={inbound !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? blankInbound(vendor) : null)}
        data-testid="inbound-on"
      />
      {inbound && (
        <>
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm" verticalSpacing="xs">
            <Select
              label="What it sends"
              data={vendor.sources.map((source) => ({ value: source, label: sourceName(source) }))}
              value={inbound.source}
              allowDeselect={false}
              onChange={(source) => set({ source: source ?? inbound.source })}
              data-testid="inbound-source"
            />
            <Select
              label="How it proves itself"
              description={PROOFS[inbound.kind].about}
              data={Object.entries(PROOFS).map(([kind, { label }]) => ({ value: kind, label }))}
              value={inbound.kind}
              allowDeselect={false}
              onChange={(kind) => set({ kind: (kind as InboundKind | null) ?? inbound.kind, secret: '' })}
              data-testid="inbound-kind"
            />
            {PROOFS[inbound.kind].settings.map((field) => (
              <FieldInput
                key={field.name}
                field={{ ...field, name: `inbound-${field.name}` }}
                value={inbound.settings[field.name] ?? ''}
                onChange={(value) => set({ settings: { ...inbound.settings, [field.name]: value } })}
              />
            ))}
            {inbound.kind !== 'oidc' && (
              <SecretInput
                key={inbound.kind}
                name="inbound-secret"
                label={inbound.kind === 'basic' ? 'User and password' : 'Secret'}
                help={
                  inbound.kind === 'basic'
                    ? 'Written user:password, at least 16 characters.'
                    : 'At least 16 characters; the same is entered at the vendor.'
                }
                required
                kept={kept?.kind === inbound.kind}
                value={inbound.secret || undefined}
                removable={false}
                onChange={(secret) => set({ secret: secret ?? '' })}
              />
            )}
          </SimpleGrid>
          <PushAddress address={kept?.source === inbound.source ? kept.address : undefined} />
        </>
      )}
    </Stack>
  );
}

function PushAddress({ address }: { address: string | undefined }) {
  if (!address) {
    return <span className="dim">The address to send to is shown here once this is saved.</span>;
  }
  const absolute = new URL(address, location.origin).href;
  return (
    <div>
      Send alerts to <code data-testid="push-address">{absolute}</code>
      <CopyText value={absolute} testid="push-copy" />
    </div>
  );
}
