import type { ReactNode } from 'react';
import classes from './Table.module.css';

type Props = { head: ReactNode[]; children: ReactNode; testid?: string };

/** A dense table; rows are the caller's `tr`. */
export function Table({ head, children, testid }: Props) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table} data-testid={testid}>
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th key={index} scope="col">
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
