import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { content, fileLook, type Place } from '@/api/files.ts';
import type { FileName } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Failure, Loading } from '@/ui/Notice.tsx';
import { count } from '@/ui/numbers.ts';
import { Section } from '@/ui/Section.tsx';
import { DownloadFile } from './DownloadFile.tsx';
import { FileFacts } from './FileFacts.tsx';
import classes from './Files.module.css';
import { HexView } from './HexView.tsx';
import { asText, imageType, ROW } from './hex.ts';
import { Picture } from './Picture.tsx';
import { lastName } from './place.ts';

const WINDOW = 64 << 10;
/** A picture is fetched whole, up to this size. */
const PICTURE = 8 << 20;

type View = 'text' | 'hex' | 'picture';
type Props = { place: Place; offset: number; name: FileName | undefined; close: () => void };

/** One file: what is known of it, and its bytes from an offset on, as text, hexadecimal or picture. */
export function FilePanel({ place, offset, name, close }: Props) {
  const [start, setStart] = useState(() => Math.max(0, offset - (offset % ROW) - 4 * ROW));
  const [view, setView] = useState<View | null>(null);
  const look = useQuery(fileLook(place, start, WINDOW));
  const bytes = useQuery({ ...content(look.data?.id ?? ''), enabled: Boolean(look.data?.sha256) });
  const text = bytes.data ? asText(bytes.data) : null;
  const picture = bytes.data && start === 0 ? imageType(bytes.data) : null;
  const shown: View = view ?? (offset > 0 ? 'hex' : picture ? 'picture' : text === null ? 'hex' : 'text');
  const size = name?.size ?? start + (look.data?.size ?? 0);
  const problem = look.data?.problem;
  const waiting =
    look.isPending || (look.data && !look.data.endedAt) || (look.data?.sha256 && bytes.isPending);
  return (
    <Section
      testid="file-panel"
      title={<EvidenceText value={lastName(place.path)} limit={120} mono />}
      aside={
        <>
          <DownloadFile place={place} />
          <Button size="compact-xs" variant="subtle" onClick={close} aria-label="Close the file">
            ×
          </Button>
        </>
      }
    >
      {name && <FileFacts name={name} />}
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          value={shown}
          onChange={(chosen) => setView(chosen as View)}
          data={[
            { value: 'text', label: 'Text' },
            { value: 'hex', label: 'Hex' },
            ...(picture ? [{ value: 'picture', label: 'Picture' }] : []),
          ]}
          data-testid="file-view"
        />
        <Button
          size="compact-xs"
          variant="default"
          disabled={start === 0}
          onClick={() => setStart(Math.max(0, start - WINDOW))}
        >
          earlier
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          disabled={start + WINDOW >= size}
          onClick={() => setStart(start + WINDOW)}
          data-testid="file-later"
        >
          later
        </Button>
        <span className="dim">{`from byte ${count(start)} of ${count(size)}`}</span>
      </div>
      {waiting && <Loading rows={8} />}
      {look.error && <Failure what="The file" error={look.error} retry={() => void look.refetch()} />}
      {problem && <Failure what="The file" error={new Error(problem)} retry={() => void look.refetch()} />}
      {bytes.error && <Failure what="The bytes" error={bytes.error} retry={() => void bytes.refetch()} />}
      {bytes.data && shown === 'hex' && (
        <HexView bytes={bytes.data} start={start} marked={offset > 0 ? offset : null} />
      )}
      {bytes.data && shown === 'text' && (
        <div className={classes.view} data-testid="file-text">
          <pre className={classes.text}>
            <EvidenceText
              value={text ?? new TextDecoder('latin1').decode(bytes.data)}
              limit={WINDOW}
              lines
              mono
            />
          </pre>
        </div>
      )}
      {bytes.data && shown === 'picture' && picture && size <= PICTURE && (
        <Picture place={place} type={picture} />
      )}
    </Section>
  );
}
