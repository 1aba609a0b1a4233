import { useState } from 'react';
import { cut, segments } from './text.ts';
import classes from './EvidenceText.module.css';

type Props = { value: string; limit?: number; lines?: boolean; mono?: boolean; testid?: string };

/** Text written by somebody else: isolated from its surroundings, hidden characters shown, long values cut with a way to see all. */
export function EvidenceText({ value, limit = 600, lines = false, mono = false, testid }: Props) {
  const [whole, setWhole] = useState(false);
  const long = value.length > limit;
  const shown = long && !whole ? cut(value, limit) : value;
  return (
    <bdi
      className={`${classes.text} ${mono ? classes.mono : ''} ${lines ? classes.lines : ''}`}
      data-testid={testid}
    >
      {segments(shown, lines).map((part, index) =>
        part.hidden ? (
          <span key={index} className={classes.hidden} title="A character that would not be seen">
            {part.text}
          </span>
        ) : (
          part.text
        ),
      )}
      {long && (
        <button type="button" className={classes.more} onClick={() => setWhole(!whole)}>
          {whole ? 'show less' : `… ${(value.length - shown.length).toLocaleString('en')} more characters`}
        </button>
      )}
    </bdi>
  );
}
