import type { ReactNode } from 'react';
import type { FileName } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { count } from '@/ui/numbers.ts';
import { Facts } from '@/ui/Section.tsx';
import { Time } from '@/ui/Time.tsx';

/** What the file system says of a name; NTFS says it twice. */
export function FileFacts({ name }: { name: FileName }) {
  const facts: [string, ReactNode][] = [
    ['Path', <EvidenceText key="path" value={name.path} limit={300} mono />],
    ['Size', `${count(name.size)} bytes`],
  ];
  if (name.filesystem) {
    facts.push([
      'In',
      `${name.volume ?? ''} (${name.filesystem}), inode ${name.inode}${name.allocated ? '' : ', deleted'}`,
    ]);
  }
  if (name.mode) {
    facts.push(['Mode, owner', `${name.mode}, uid ${name.uid ?? '?'}, gid ${name.gid ?? '?'}`]);
  }
  const times: [string, string | undefined, string | undefined][] = [
    ['Modified', name.mtime, name.fn_mtime],
    ['Accessed', name.atime, name.fn_atime],
    ['Changed', name.ctime, name.fn_ctime],
    ['Created', name.crtime, name.fn_crtime],
  ];
  for (const [meaning, at, named] of times) {
    if (at || named) {
      facts.push([
        meaning,
        <span key={meaning}>
          <Time at={at} precision="nanosecond" />
          {named && named !== at && (
            <span className="dim">
              {' $FILE_NAME '}
              <Time at={named} precision="nanosecond" />
            </span>
          )}
        </span>,
      ]);
    }
  }
  return <Facts facts={facts} />;
}
