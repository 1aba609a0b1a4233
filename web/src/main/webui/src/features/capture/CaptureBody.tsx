import { Link } from 'react-router';
import { useCancelCapture, useJudgeCapture } from '@/api/captures.ts';
import type { Capture } from '@/api/types.ts';
import { ApprovalPanel } from '@/ui/ApprovalPanel.tsx';
import { CaptureSteps } from '@/ui/CaptureSteps.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Banner } from '@/ui/Notice.tsx';
import { bytes } from '@/ui/numbers.ts';
import { PlacesMap } from '@/ui/PlacesMap.tsx';
import { Progress } from '@/ui/Progress.tsx';
import { CaptureTag } from '@/ui/states.tsx';
import { channelName, isVendor } from '@/ui/sources.ts';
import classes from './CaptureWizard.module.css';

/** One capture while it runs and after: state, bytes, what it does now, every step. */
export function CaptureBody({ capture }: { capture: Capture }) {
  const judge = useJudgeCapture(capture.id);
  const cancel = useCancelCapture();
  const open = capture.state === 'queued' || capture.state === 'running';
  return (
    <div className={classes.form} data-testid="capture-body" data-state={capture.state}>
      <div className={classes.state} style={{ padding: 0 }}>
        <strong>
          <EvidenceText value={capture.asset.name} limit={80} />
        </strong>
        <CaptureTag state={capture.state} />
        <span className="dim">
          <EvidenceText value={capture.profile} limit={60} /> by {channelName(capture.provider)}
        </span>
        {capture.done > 0 && (
          <span data-testid="capture-done">
            {bytes(capture.done)}
            {capture.total > 0 && open && ` of ${bytes(capture.total)}`}
          </span>
        )}
        {open && (
          <button
            type="button"
            disabled={cancel.isPending || capture.cancelRequested}
            onClick={() => cancel.mutate(capture.id)}
            data-testid="capture-cancel"
          >
            {capture.cancelRequested ? 'stopping…' : 'cancel'}
          </button>
        )}
      </div>
      {open && (
        <Progress done={capture.done} total={capture.total} label={`Capture of ${capture.asset.name}`} />
      )}
      {open && capture.steps.places && <PlacesMap step={capture.steps.places} />}
      {capture.state === 'failed' ? (
        <Banner tone="bad" testid="capture-failure">
          <EvidenceText value={capture.text || 'No reason was recorded.'} limit={1000} />
          {isVendor(capture.provider) && <Link to="/integrations">see every right under Integrations</Link>}
        </Banner>
      ) : (
        <div data-testid="capture-text">
          <EvidenceText value={capture.text || 'Waiting for a worker.'} limit={600} />
        </div>
      )}
      {(capture.next?.length ?? 0) > 0 && !['captured', 'cancelled', 'rejected'].includes(capture.state) && (
        <div className="dim" data-testid="capture-next">
          {capture.state === 'failed' ? 'Then tried' : 'If this fails'}:{' '}
          {capture.next?.map(channelName).join(', then ')}
        </div>
      )}
      <ApprovalPanel
        capture={capture}
        busy={judge.isPending}
        error={judge.error}
        onAnswer={(answer, reason) => judge.mutate({ answer, reason })}
      />
      {cancel.error && <Banner tone="bad">{cancel.error.message}</Banner>}
      <CaptureSteps capture={capture} />
    </div>
  );
}
