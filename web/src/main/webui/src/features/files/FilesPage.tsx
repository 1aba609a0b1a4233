import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { folderLook, names } from '@/api/files.ts';
import { Empty, Failure, Loading } from '@/ui/Notice.tsx';
import { plural } from '@/ui/numbers.ts';
import { Section } from '@/ui/Section.tsx';
import { useTitle } from '@/ui/useTitle.ts';
import { Crumbs } from './Crumbs.tsx';
import { FilePanel } from './FilePanel.tsx';
import classes from './Files.module.css';
import { NamesTable } from './NamesTable.tsx';
import { address, where, type Where } from './place.ts';

const PAGE = 500;

/** The files in one evidence item: volumes, folders, deleted names among them, and the bytes of a file. */
export function FilesPage() {
  const { id = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const at = where(search);
  const [part, setPart] = useState('');
  const [containing] = useDebouncedValue(part, 300);
  const [limit, setLimit] = useState(PAGE);
  const look = useQuery(folderLook({ evidence: id, volume: at.volume, path: at.folder }));
  const answered = Boolean(look.data?.sha256);
  const listed = useQuery({
    ...names(look.data?.id ?? '', containing, 0, limit),
    enabled: answered,
    placeholderData: keepPreviousData,
  });
  useTitle(`Files of ${id}`);
  const go = (next: Partial<Where>) => {
    setSearch(address({ ...at, offset: 0, ...next }));
    if (next.folder !== undefined) {
      setPart('');
      setLimit(PAGE);
    }
  };
  const chosen = listed.data?.items.find((name) => name.path === at.file);
  const problem = look.data?.problem;
  return (
    <div className="page" data-testid="files-page">
      <div className="pageHead">
        <h1>Files</h1>
        <Link to={`/evidence/${encodeURIComponent(id)}`} className="mono">
          {id}
        </Link>
        <span className="spread">
          <TextInput
            size="xs"
            placeholder="names in this folder that contain …"
            aria-label="Filter names in this folder"
            value={part}
            onChange={({ currentTarget }) => setPart(currentTarget.value)}
            data-testid="files-filter"
          />
        </span>
      </div>
      <div className={classes.split} data-open={at.file !== null}>
        <Section
          title={<Crumbs volume={at.volume} folder={at.folder} go={go} />}
          testid="files-list"
          aside={listed.data && <span>{plural(listed.data.total, 'name')}</span>}
        >
          {(look.isPending || (look.data && !look.data.endedAt) || (answered && listed.isPending)) && (
            <Loading rows={10} />
          )}
          {look.error && <Failure what="The folder" error={look.error} retry={() => void look.refetch()} />}
          {problem && (
            <Failure what="The folder" error={new Error(problem)} retry={() => void look.refetch()} />
          )}
          {listed.error && (
            <Failure what="The names" error={listed.error} retry={() => void listed.refetch()} />
          )}
          {answered && listed.data?.total === 0 && (
            <Empty title={containing ? 'No name contains that' : 'This folder is empty'} />
          )}
          {answered && listed.data && listed.data.total > 0 && (
            <NamesTable names={listed.data.items} volume={at.volume} chosen={at.file} go={go} />
          )}
          {listed.data && listed.data.total > listed.data.items.length && (
            <div className="pad dim">
              <button type="button" onClick={() => setLimit(1_000)} disabled={limit >= 1_000}>
                {limit < 1_000 ? 'show more' : 'the first 1,000 names; filter to see others'}
              </button>
            </div>
          )}
        </Section>
        {at.file !== null && (
          <FilePanel
            key={`${at.volume} ${at.file}`}
            place={{ evidence: id, volume: at.volume, path: at.file }}
            offset={at.offset}
            name={chosen}
            close={() => go({ file: null })}
          />
        )}
      </div>
    </div>
  );
}
