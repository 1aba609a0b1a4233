import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { content, wholeFile, type Place } from '@/api/files.ts';
import { Failure, Loading } from '@/ui/Notice.tsx';
import classes from './Files.module.css';

/** A raster image from evidence, drawn from its bytes under a type of our own telling. */
export function Picture({ place, type }: { place: Place; type: string }) {
  const whole = useQuery({
    queryKey: ['look', 'whole', place.evidence, place.volume, place.path],
    queryFn: () => wholeFile(place),
    staleTime: 3_600_000,
    retry: false,
  });
  const bytes = useQuery({ ...content(whole.data?.id ?? ''), enabled: Boolean(whole.data?.sha256) });
  const source = useMemo(
    () => (bytes.data ? URL.createObjectURL(new Blob([bytes.data], { type })) : null),
    [bytes.data, type],
  );
  useEffect(() => (source ? () => URL.revokeObjectURL(source) : undefined), [source]);
  if (whole.error || bytes.error) {
    return <Failure what="The picture" error={whole.error ?? bytes.error} />;
  }
  return (
    <div className={classes.view} data-testid="file-picture">
      {source ? <img className={classes.picture} src={source} alt="" /> : <Loading rows={6} />}
    </div>
  );
}
