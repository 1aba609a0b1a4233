import { Link } from 'react-router';
import type { EventLocation } from '../api/types.ts';
import { EvidenceText } from './EvidenceText.tsx';
import { filesLink } from './links.ts';
import classes from './LocationChain.module.css';

/** Where the bytes are, outermost first: evidence, volume, path, stream, inode, offset, record. */
export function LocationChain({ location }: { location: EventLocation }) {
  const links: [string, string | number | null | undefined][] = [
    ['volume', location.volume],
    ['path', location.path],
    ['stream', location.stream],
    ['inode', location.inode],
    ['offset', location.offset],
    ['record', location.record],
  ];
  return (
    <ol className={classes.chain} data-testid="location-chain">
      <li data-link="evidence">
        <span className={classes.name}>evidence</span>
        <Link to={`/evidence/${encodeURIComponent(location.evidence)}`}>
          <EvidenceText value={location.evidence} mono />
        </Link>
      </li>
      {links
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <li key={name} data-link={name}>
            <span className={classes.name}>{name}</span>
            <EvidenceText value={String(value)} limit={300} mono />
          </li>
        ))}
      <li data-link="bytes">
        <span className={classes.name} />
        <Link to={filesLink(location.evidence, location)} data-testid="open-bytes">
          {location.offset === null || location.offset === undefined
            ? 'open the file'
            : 'open the file at this byte'}
        </Link>
      </li>
    </ol>
  );
}
