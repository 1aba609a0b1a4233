import { Button, Group, Modal, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';

type Props = {
  label: string;
  title: string;
  /** What will be lost. */
  children: ReactNode;
  busy?: boolean;
  testid: string;
  onConfirm: () => void;
};

/** A button whose act cannot be taken back: asks once more, and says what will be lost. */
export function ConfirmButton({ label, title, children, busy = false, testid, onConfirm }: Props) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <button type="button" onClick={open} disabled={busy} data-testid={testid}>
        {label}
      </button>
      <Modal opened={opened} onClose={close} title={title}>
        <Stack gap="sm">
          <div>{children}</div>
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              Keep it
            </Button>
            <Button
              color="red"
              onClick={() => {
                close();
                onConfirm();
              }}
              data-testid="confirm-yes"
            >
              {label}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
