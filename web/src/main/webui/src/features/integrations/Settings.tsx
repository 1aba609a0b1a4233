import { SimpleGrid, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Vendor, VendorField } from '@/api/types.ts';
import { type Draft, fieldsOf } from './draft.ts';
import { FieldInput } from './FieldInput.tsx';
import { SecretInput } from './SecretInput.tsx';

type Props = { vendor: Vendor; draft: Draft; kept: string[]; onChange: (draft: Draft) => void };

/** The vendor's own settings and secrets: what must be there first, the rest behind "more". */
export function Settings({ vendor, draft, kept, onChange }: Props) {
  const [more, setMore] = useState(false);
  const fields = fieldsOf(vendor);
  const of = (...needs: VendorField['need'][]) => fields.filter(({ need }) => needs.includes(need));
  const advanced = of('advanced');
  const one = (field: VendorField) =>
    field.form === 'secret' ? (
      <SecretInput
        key={field.name}
        name={field.name}
        label={field.label}
        help={field.help}
        required={field.need === 'required'}
        kept={kept.includes(field.name)}
        value={draft.secrets[field.name]}
        onChange={(value) => onChange({ ...draft, secrets: changed(draft.secrets, field.name, value) })}
      />
    ) : (
      <FieldInput
        key={field.name}
        field={field}
        value={draft.settings[field.name] ?? ''}
        onChange={(value) => onChange({ ...draft, settings: { ...draft.settings, [field.name]: value } })}
      />
    );
  if (fields.length === 0) {
    return null;
  }
  return (
    <Stack gap="xs">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm" verticalSpacing="xs">
        {[...of('required'), ...of('optional')].map(one)}
      </SimpleGrid>
      {advanced.length > 0 && (
        <div>
          <button
            type="button"
            aria-expanded={more}
            onClick={() => setMore(!more)}
            data-testid="integration-more"
          >
            {more ? 'less' : `more settings (${advanced.length})`}
          </button>
        </div>
      )}
      {more && (
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm" verticalSpacing="xs">
          {advanced.map(one)}
        </SimpleGrid>
      )}
    </Stack>
  );
}

function changed(secrets: Record<string, string>, name: string, value: string | undefined) {
  const next = { ...secrets };
  delete next[name];
  return value === undefined ? next : { ...next, [name]: value };
}
