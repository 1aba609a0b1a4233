import type { ReactNode } from 'react';
import classes from './Section.module.css';

type Props = { title: ReactNode; aside?: ReactNode; children: ReactNode; testid?: string; id?: string };

/** A titled panel. */
export function Section({ title, aside, children, testid, id }: Props) {
  return (
    <section className={classes.section} data-testid={testid} id={id}>
      <header className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        {aside && <div className={classes.aside}>{aside}</div>}
      </header>
      {children}
    </section>
  );
}

/** Name and value pairs in two aligned columns. */
export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
