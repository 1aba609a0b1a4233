import { EvidenceText } from '@/ui/EvidenceText.tsx';
import classes from './Files.module.css';
import { crumbs, type Where } from './place.ts';

type Props = { volume: string | null; folder: string; go: (next: Partial<Where>) => void };

/** The way from the evidence to the folder, each step a way back. */
export function Crumbs({ volume, folder, go }: Props) {
  return (
    <nav className={classes.crumbs} aria-label="Folder" data-testid="files-crumbs">
      <button
        type="button"
        className={classes.crumb}
        onClick={() => go({ volume: null, folder: '/', file: null })}
      >
        evidence
      </button>
      {volume && (
        <>
          <span>›</span>
          <button type="button" className={classes.crumb} onClick={() => go({ folder: '/', file: null })}>
            <EvidenceText value={volume} limit={80} />
          </button>
        </>
      )}
      {crumbs(folder).map(({ name, path }) => (
        <span key={path} className={classes.crumbs}>
          <span>/</span>
          <button type="button" className={classes.crumb} onClick={() => go({ folder: path, file: null })}>
            <EvidenceText value={name} limit={80} />
          </button>
        </span>
      ))}
    </nav>
  );
}
