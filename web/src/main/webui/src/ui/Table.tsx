import type { ReactNode } from 'react';
import classes from './Table.module.css';

type Props = {
  head: ReactNode[];
  children: ReactNode;
  testid?: string;
  /** Heads of the columns that hold numbers, aligned right. */
  numbers?: string[];
};

/** A dense table; rows are the caller's `tr`. */
export function Table({ head, children, testid, numbers = [] }: Props) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table} data-testid={testid}>
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th
                key={index}
                scope="col"
                className={numbers.some((name) => name === cell) ? classes.number : undefined}
              >
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
