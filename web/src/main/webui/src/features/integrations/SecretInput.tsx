import { Group, Input, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { Tag } from '@/ui/Tag.tsx';

type Props = {
  name: string;
  label: string;
  help: string;
  required: boolean;
  /** Whether one is kept already. */
  kept: boolean;
  /** Undefined: as it is; empty: to be removed; else the new one. */
  value: string | undefined;
  removable?: boolean;
  onChange: (value: string | undefined) => void;
};

/** A secret that goes in and never comes out: set, replaced or removed, never shown. */
export function SecretInput({ name, label, help, required, kept, value, removable = true, onChange }: Props) {
  const [typing, setTyping] = useState(!kept);
  const asIs = value === undefined;
  if (!typing) {
    return (
      <Input.Wrapper size="xs" label={label} description={help || undefined} required={required}>
        <Group gap="xs" mih={30} wrap="nowrap">
          <Tag
            tone={asIs ? 'ok' : 'warn'}
            testid={`secret-${name}`}
            state={asIs ? 'set' : 'removed'}
            title="It cannot be read back."
          >
            {asIs ? 'set' : 'removed when saved'}
          </Tag>
          {asIs ? (
            <>
              <button type="button" onClick={() => setTyping(true)} data-testid={`replace-${name}`}>
                replace
              </button>
              {removable && (
                <button type="button" onClick={() => onChange('')} data-testid={`remove-${name}`}>
                  remove
                </button>
              )}
            </>
          ) : (
            <button type="button" onClick={() => onChange(undefined)}>
              keep it
            </button>
          )}
        </Group>
      </Input.Wrapper>
    );
  }
  return (
    <PasswordInput
      label={label}
      description={help || undefined}
      required={required}
      autoComplete="new-password"
      spellCheck={false}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
      rightSection={
        kept ? (
          <button
            type="button"
            onClick={() => {
              setTyping(false);
              onChange(undefined);
            }}
            title="Keep the secret that is set"
          >
            keep
          </button>
        ) : undefined
      }
      rightSectionWidth={kept ? 56 : undefined}
      data-testid={`field-${name}`}
    />
  );
}
