import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { bytesUrl, wholeFile, type Place } from '@/api/files.ts';
import { lastName } from './place.ts';

/** Fetches the whole file out of the evidence, with an entry in its custody log, and hands it to the browser. */
export function DownloadFile({ place }: { place: Place }) {
  const download = useMutation({
    mutationFn: () => wholeFile(place),
    onSuccess: (look) => {
      if (look.sha256) {
        const link = document.createElement('a');
        link.href = bytesUrl(look.id);
        link.download = lastName(place.path).replace(/[^\w.-]+/g, '_');
        link.click();
      }
    },
  });
  return (
    <>
      {download.data?.problem && <span role="alert">{download.data.problem}</span>}
      {download.error && <span role="alert">{download.error.message}</span>}
      <Button
        size="compact-xs"
        variant="default"
        loading={download.isPending}
        onClick={() => download.mutate()}
        title="Adds an entry to the custody log"
        data-testid="file-download"
      >
        Download
      </Button>
    </>
  );
}
