import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { capture } from '@/api/captures.ts';
import { Failure, Loading } from '@/ui/Notice.tsx';
import { CaptureBody } from './CaptureBody.tsx';
import classes from './CaptureWizard.module.css';

/** The capture just asked for, live, until it is closed; it goes on without this. */
export function CaptureStarted({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery(capture(id));
  return (
    <div className={classes.form} data-testid="wizard-started">
      {!data && !error && <Loading rows={4} />}
      {!data && error && <Failure what="The capture" error={error} retry={() => void refetch()} />}
      {data && <CaptureBody capture={data} />}
      <div className={classes.foot}>
        <span className="dim">It goes on when this is closed.</span>
        <Link to={`/captures/${encodeURIComponent(id)}`} data-testid="capture-link">
          keep in view
        </Link>
        <Button onClick={onClose} data-testid="wizard-close">
          Close
        </Button>
      </div>
    </div>
  );
}
