import type { ReactNode } from 'react';
import classes from './Tag.module.css';

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'mute';
type Props = {
  tone: Tone;
  children: ReactNode;
  title?: string;
  testid?: string;
  state?: string;
  live?: boolean;
};

/** A state in one word; the colour never says it alone. */
export function Tag({ tone, children, title, testid, state, live = false }: Props) {
  return (
    <span className={classes.tag} data-tone={tone} data-testid={testid} data-state={state} title={title}>
      <span className={`${classes.dot} ${live ? classes.live : ''}`} aria-hidden />
      {children}
    </span>
  );
}
