import { NumberInput, Switch, Textarea, TextInput } from '@mantine/core';
import type { VendorField } from '@/api/types.ts';

type Props = { field: VendorField; value: string; onChange: (value: string) => void };

/** One setting, in the form its vendor asks for it. Left empty, the default in the placeholder counts. */
export function FieldInput({ field, value, onChange }: Props) {
  const common = {
    label: field.label,
    description: field.help || undefined,
    required: field.need === 'required',
    placeholder: field.standard || undefined,
    'data-testid': `field-${field.name}`,
  };
  switch (field.form) {
    case 'switch':
      return (
        <Switch
          label={field.label}
          description={field.help || undefined}
          checked={(value || field.standard) === 'true'}
          onChange={(event) => onChange(String(event.currentTarget.checked))}
          data-testid={common['data-testid']}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...common}
          min={0}
          allowDecimal={false}
          hideControls
          value={value}
          onChange={(next) => onChange(String(next))}
        />
      );
    case 'long_text':
      return (
        <Textarea
          {...common}
          size="xs"
          autosize
          minRows={3}
          maxRows={14}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--v-mono)', fontSize: 12 } }}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          spellCheck={false}
          autoComplete="off"
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
