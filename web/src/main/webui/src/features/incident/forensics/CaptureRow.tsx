import { Link } from 'react-router';
import { useCancelCapture, useJudgeCapture } from '@/api/captures.ts';
import type { Capture } from '@/api/types.ts';
import { ApprovalPanel } from '@/ui/ApprovalPanel.tsx';
import { containmentChanged } from '@/ui/captureSteps.ts';
import { CaptureSteps } from '@/ui/CaptureSteps.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Banner } from '@/ui/Notice.tsx';
import { bytes } from '@/ui/numbers.ts';
import { Progress } from '@/ui/Progress.tsx';
import { channelName } from '@/ui/sources.ts';
import { CaptureTag } from '@/ui/states.tsx';
import { Time } from '@/ui/Time.tsx';
import { duration } from '@/ui/time.ts';
import { useNow } from '@/ui/useNow.ts';
import classes from './ForensicsTab.module.css';

/** One capture: state, bytes, what happens or why it ended, and the answer it may wait for. */
export function CaptureRow({ capture }: { capture: Capture }) {
  const cancel = useCancelCapture();
  const judge = useJudgeCapture(capture.id);
  const open = capture.state === 'queued' || capture.state === 'running';
  const changed = containmentChanged(capture);
  const { reason } = capture.steps;
  return (
    <div
      className={classes.capture}
      data-testid="capture-row"
      data-asset={capture.asset.id}
      data-state={capture.state}
      data-id={capture.id}
    >
      <div className={classes.captureTop}>
        <Link to={`/captures/${encodeURIComponent(capture.id)}`} data-testid="capture-open">
          <strong>
            <EvidenceText value={capture.asset.name} limit={80} />
          </strong>
        </Link>
        <CaptureTag state={capture.state} />
        <span className="dim">
          <EvidenceText value={capture.profile} limit={60} /> by {channelName(capture.provider)}
          {capture.fallbackOf && ', after another channel failed'}
        </span>
        {capture.done > 0 && (
          <span>
            {bytes(capture.done)}
            {capture.total > 0 && open && ` of ${bytes(capture.total)}`}
          </span>
        )}
        <span className={classes.end}>
          <span className="dim">
            <Elapsed capture={capture} /> <Time at={capture.requestedAt} />
          </span>
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
        </span>
      </div>
      {capture.state === 'running' && (
        <Progress done={capture.done} total={capture.total} label={`Capture of ${capture.asset.name}`} />
      )}
      <div
        className={`${classes.reason} ${capture.state === 'failed' ? classes.bad : 'dim'}`}
        data-testid="capture-text"
      >
        <EvidenceText
          value={capture.text || (capture.state === 'queued' ? 'Waiting for a worker or the agent.' : '')}
          limit={400}
        />
        {capture.requestedBy && (
          <span className="dim">
            {capture.text && ' · '}requested by <EvidenceText value={capture.requestedBy} limit={80} />
            {reason && (
              <>
                : <EvidenceText value={reason} limit={200} />
              </>
            )}
          </span>
        )}
      </div>
      <ApprovalPanel
        capture={capture}
        busy={judge.isPending}
        error={judge.error}
        onAnswer={(answer, why) => judge.mutate({ answer, reason: why })}
      />
      {cancel.error && <Banner tone="bad">{cancel.error.message}</Banner>}
      {(capture.state === 'running' || changed) && <CaptureSteps capture={capture} />}
    </div>
  );
}

function Elapsed({ capture }: { capture: Capture }) {
  const now = useNow(1000);
  if (!capture.startedAt) {
    return null;
  }
  const end = capture.endedAt ? Date.parse(capture.endedAt) : now;
  return <>{duration(Math.max(0, end - Date.parse(capture.startedAt)))} ·</>;
}
