import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Notice.module.css';

type Body = { title: string; children?: ReactNode; action?: ReactNode; testid?: string };

/** Nothing to show, and why. */
export function Empty({ title, children, action, testid = 'empty' }: Body) {
  return (
    <div className={classes.notice} data-testid={testid}>
      <div className={classes.title}>{title}</div>
      {children && <div className={classes.body}>{children}</div>}
      {action}
    </div>
  );
}

/** What went wrong in plain words, with a way to try again. */
export function Failure({ error, retry, what }: { error: unknown; retry?: () => void; what: string }) {
  return (
    <div className={classes.notice} role="alert" data-testid="failure">
      <div className={`${classes.title} ${classes.bad}`}>{what} could not be loaded</div>
      <div className={classes.body}>{error instanceof Error ? error.message : 'Unknown error.'}</div>
      {retry && (
        <Button size="compact-sm" variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** Lines of the height that the content will have, so that nothing jumps. */
export function Loading({ rows = 6, height = 22 }: { rows?: number; height?: number }) {
  return (
    <div className={classes.loading} aria-busy="true" aria-label="Loading" data-testid="loading">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} radius="sm" />
      ))}
    </div>
  );
}

/** One line above content that needs a warning. */
export function Banner({
  tone,
  children,
  testid,
}: {
  tone: 'info' | 'warn' | 'bad';
  children: ReactNode;
  testid?: string;
}) {
  return (
    <div
      className={classes.banner}
      data-tone={tone}
      data-testid={testid}
      role={tone === 'info' ? undefined : 'alert'}
    >
      {children}
    </div>
  );
}
