import { useEffect, useRef } from 'react';
import classes from './Files.module.css';
import { hex, printable, ROW, rows } from './hex.ts';

type Props = { bytes: Uint8Array; start: number; marked: number | null };

/** Bytes in hexadecimal and as text; the row of the byte behind an event is marked and in sight. */
export function HexView({ bytes, start, marked }: Props) {
  const here = useRef<HTMLDivElement>(null);
  useEffect(() => {
    here.current?.scrollIntoView({ block: 'center' });
  }, [bytes, marked]);
  return (
    <div className={classes.view} data-testid="file-hex" tabIndex={0}>
      {rows(bytes, start).map((row) => {
        const isMarked = marked !== null && marked >= row.offset && marked < row.offset + ROW;
        return (
          <div
            key={row.offset}
            ref={isMarked ? here : undefined}
            className={classes.hexRow}
            data-marked={isMarked}
          >
            <span className={classes.offset}>{hex(row.offset, 8)}</span>
            <span>{row.bytes.map((byte) => hex(byte, 2)).join(' ')}</span>
            <span>{row.bytes.map(printable).join('')}</span>
          </div>
        );
      })}
    </div>
  );
}
