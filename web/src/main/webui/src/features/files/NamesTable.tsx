import type { FileName } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { count } from '@/ui/numbers.ts';
import { Table } from '@/ui/Table.tsx';
import { Time } from '@/ui/Time.tsx';
import { useListKeys } from '@/ui/useListKeys.ts';
import classes from './Files.module.css';
import { lastName, type Where } from './place.ts';

type Props = {
  names: FileName[];
  volume: string | null;
  chosen: string | null;
  go: (next: Partial<Where>) => void;
};

const HEAD = ['Name', 'Type', 'Size', 'Modified', 'Changed', 'Created', 'Inode'];

/** The names in a folder: folders first, deleted ones marked. */
export function NamesTable({ names, volume, chosen, go }: Props) {
  const sorted = [...names].sort(
    (a, b) =>
      Number(b.type === 'directory') - Number(a.type === 'directory') || a.path.localeCompare(b.path, 'en'),
  );
  const open = (name: FileName) =>
    isVolume(name, volume)
      ? go({ volume: name.volume ?? null, folder: '/', file: null })
      : name.type === 'directory'
        ? go({ folder: name.path, file: null })
        : go({ file: name.path });
  const { active } = useListKeys(sorted.length, (index) => {
    const name = sorted[index];
    if (name) {
      open(name);
    }
  });
  return (
    <Table head={HEAD} numbers={['Size', 'Inode']} testid="files-table">
      {sorted.map((name, index) => (
        <tr
          key={`${name.volume} ${name.path} ${name.inode} ${index}`}
          className={`${classes.row} ${name.allocated ? '' : classes.gone}`}
          data-active={index === active}
          data-chosen={name.path === chosen}
          data-deleted={!name.allocated}
          data-testid="files-row"
        >
          <td>
            <button
              type="button"
              className={classes.name}
              data-folder={name.type === 'directory'}
              onClick={() => open(name)}
            >
              <EvidenceText
                value={isVolume(name, volume) ? (name.volume ?? '') : lastName(name.path)}
                limit={160}
                mono
              />
            </button>
            {!name.allocated && <span className={classes.tag}>deleted</span>}
            {name.target && (
              <span className="dim">
                {' → '}
                <EvidenceText value={name.target} limit={100} mono />
              </span>
            )}
          </td>
          <td className="nowrap">{isVolume(name, volume) ? 'volume' : name.type}</td>
          <td className="nowrap" style={{ textAlign: 'right' }}>
            {name.type === 'directory' ? '' : count(name.size)}
          </td>
          {[name.mtime, name.ctime, name.crtime].map((at, column) => (
            <td key={HEAD[column + 3]} className="nowrap">
              {at && <Time at={at} precision="second" />}
            </td>
          ))}
          <td style={{ textAlign: 'right' }}>{name.inode ?? ''}</td>
        </tr>
      ))}
    </Table>
  );
}

/** Without a volume in the address, evidence that has some lists them as folders. */
function isVolume(name: FileName, volume: string | null): boolean {
  return volume === null && name.volume !== undefined && name.path === '/';
}
