import { Button, FileInput, PasswordInput, Select } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useAddKey } from '@/api/evidence.ts';
import type { EvidenceKeyKind } from '@/api/types.ts';
import { Banner } from '@/ui/Notice.tsx';
import classes from './KeyList.module.css';
import { base64, KINDS } from './keys.ts';

const LARGEST_FILE = 512 * 1024;

/** Gives a key; the evidence is read again with it. */
export function AddKey({ id }: { id: string }) {
  const add = useAddKey(id);
  const [kind, setKind] = useState<EvidenceKeyKind>('password');
  const [value, setValue] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const { help, file: byFile } = KINDS[kind];
  const tooLarge = file !== null && file.size > LARGEST_FILE;
  const ready = byFile ? file !== null && !tooLarge : value !== '';
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const secret = file && byFile ? base64(new Uint8Array(await file.arrayBuffer())) : value;
    add.mutate(
      { kind, value: secret },
      {
        onSuccess: () => {
          setValue('');
          setFile(null);
        },
      },
    );
  };
  return (
    <form onSubmit={(event) => void submit(event)} data-testid="add-key">
      <div className={classes.form}>
        <Select
          label="Kind"
          data={Object.entries(KINDS).map(([name, { label }]) => ({ value: name, label }))}
          value={kind}
          onChange={(chosen) => chosen && setKind(chosen as EvidenceKeyKind)}
          allowDeselect={false}
          data-testid="key-kind"
        />
        {byFile ? (
          <FileInput
            className={classes.value}
            label="File"
            description={help}
            placeholder="Choose a file"
            value={file}
            onChange={setFile}
            error={tooLarge && 'Key files have at most 512 KiB.'}
            data-testid="key-file"
          />
        ) : (
          <PasswordInput
            className={classes.value}
            label="Key"
            description={help}
            autoComplete="new-password"
            spellCheck={false}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
            data-testid="key-value"
          />
        )}
        <Button type="submit" disabled={!ready} loading={add.isPending} data-testid="key-add">
          Add and read again
        </Button>
      </div>
      {add.error && (
        <Banner tone="bad" testid="key-error">
          {add.error.message}
        </Banner>
      )}
    </form>
  );
}
