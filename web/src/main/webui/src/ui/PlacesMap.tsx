import { counted, type Place, placesOf } from './places.ts';
import classes from './PlacesMap.module.css';

const COLUMNS = 64;
const LEGEND: [Place, string][] = [
  ['stored', 'stored'],
  ['read', 'read'],
  ['reading', 'partly read'],
  ['waiting', 'still in the cloud'],
  ['unwritten', 'never written'],
];

/** A disk from its first byte to its last, row after row: what of it is here already. */
export function PlacesMap({ step }: { step: string }) {
  const places = placesOf(step);
  const counts = counted(places);
  const rows = Math.ceil(places.length / COLUMNS);
  return (
    <figure className={classes.map} data-testid="places">
      <svg
        viewBox={`0 0 ${COLUMNS * 10} ${rows * 10}`}
        role="img"
        aria-label={`The disk in ${places.length} stretches: ${LEGEND.map(([place, words]) => `${counts[place]} ${words}`).join(', ')}`}
      >
        {places.map((place, i) => (
          <rect
            key={i}
            x={(i % COLUMNS) * 10}
            y={Math.floor(i / COLUMNS) * 10}
            width={9}
            height={9}
            className={classes[place]}
          />
        ))}
      </svg>
      <figcaption>
        {LEGEND.map(([place, words]) => (
          <span key={place}>
            <svg viewBox="0 0 9 9" aria-hidden="true">
              <rect width={9} height={9} className={classes[place]} />
            </svg>
            {words} {counts[place]}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
