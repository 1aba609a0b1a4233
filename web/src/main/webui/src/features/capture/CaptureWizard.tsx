import { Modal } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { withoutCapture } from '@/ui/links.ts';
import { CaptureOrder } from './CaptureOrder.tsx';
import { CaptureStarted } from './CaptureStarted.tsx';

/** A capture on demand over whatever page is in view; `?capture=` opens it, so that it can be linked. */
export function CaptureWizard() {
  const [search, setSearch] = useSearchParams();
  const [made, setMade] = useState<string | null>(null);
  const wanted = search.get('capture');
  if (wanted === null) {
    return null;
  }
  const close = () => {
    setMade(null);
    setSearch(withoutCapture(search), { replace: true });
  };
  return (
    <Modal opened onClose={close} title={made ? 'Capturing' : 'Capture now'} size={760}>
      <div data-testid="capture-wizard">
        {made ? (
          <CaptureStarted id={made} onClose={close} />
        ) : (
          <CaptureOrder
            key={wanted}
            asset={wanted === 'host' ? null : wanted}
            incident={search.get('capture-incident')}
            onDone={setMade}
            onClose={close}
          />
        )}
      </div>
    </Modal>
  );
}
