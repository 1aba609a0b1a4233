import { CopyButton } from '@mantine/core';
import classes from './CopyText.module.css';

/** A small button that copies exactly the value, hidden characters included. */
export function CopyText({
  value,
  label = 'copy',
  testid,
}: {
  value: string;
  label?: string;
  testid?: string;
}) {
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <button type="button" className={classes.copy} onClick={copy} data-testid={testid}>
          {copied ? 'copied' : label}
        </button>
      )}
    </CopyButton>
  );
}
