import type { ReactNode } from 'react';
import classes from './Table.module.css';

type Props = {
  head: ReactNode[];
  children: ReactNode;
  testid?: string;
  /** So many of the last columns hold numbers and are aligned right. */
  numbers?: number;
};

/** A dense table; rows are the caller's `tr`. */
export function Table({ head, children, testid, numbers = 0 }: Props) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table} data-testid={testid}>
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th
                key={index}
                scope="col"
                className={index >= head.length - numbers ? classes.number : undefined}
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
