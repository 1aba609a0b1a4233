import { Button, Group, MultiSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useCreateKey } from '@/api/settings.ts';
import { CopyText } from '@/ui/CopyText.tsx';
import { Banner } from '@/ui/Notice.tsx';

const SCOPES = ['alerts', 'read', 'write', 'forensics', 'admin'];

export function CreateKey() {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState(['alerts']);
  const create = useCreateKey();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name: name.trim(), scopes }, { onSuccess: () => setName('') });
  };
  return (
    <form onSubmit={submit} className="pad" style={{ borderBottom: '1px solid var(--v-line)' }}>
      <Group gap="xs">
        <TextInput
          placeholder="name, e.g. darktrace"
          aria-label="Name of the key"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          w={260}
          data-testid="key-name"
        />
        <MultiSelect
          aria-label="Scopes"
          data={SCOPES}
          value={scopes}
          onChange={setScopes}
          w={260}
          data-testid="key-scopes"
        />
        <Button
          type="submit"
          loading={create.isPending}
          disabled={scopes.length === 0}
          data-testid="key-create"
        >
          Create key
        </Button>
      </Group>
      {create.error && <Banner tone="bad">{create.error.message}</Banner>}
      {create.data?.key && (
        <Banner tone="info" testid="key-created">
          <span>Shown once, keep it now:</span> <code>{create.data.key}</code>{' '}
          <CopyText value={create.data.key} />
        </Banner>
      )}
    </form>
  );
}
