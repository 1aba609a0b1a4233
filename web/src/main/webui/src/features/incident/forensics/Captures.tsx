import { useCancelCapture } from '@/api/captures.ts';
import type { Capture, Named } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Empty } from '@/ui/Notice.tsx';
import { bytes } from '@/ui/numbers.ts';
import { Progress } from '@/ui/Progress.tsx';
import { Section } from '@/ui/Section.tsx';
import { CaptureTag } from '@/ui/states.tsx';
import { Time } from '@/ui/Time.tsx';
import { duration } from '@/ui/time.ts';
import { useNow } from '@/ui/useNow.ts';
import classes from './ForensicsTab.module.css';

/** The state of every capture, asset by asset; an asset without one is named too. */
export function Captures({ captures, assets }: { captures: Capture[]; assets: Named[] }) {
  const without = assets.filter(({ id }) => !captures.some((capture) => capture.asset.id === id));
  return (
    <Section title="Captures" testid="captures">
      {captures.length === 0 && without.length === 0 && (
        <Empty title="Nothing to capture">No alert of this incident names a machine that Varve knows.</Empty>
      )}
      {captures.map((capture) => (
        <CaptureRow key={capture.id} capture={capture} />
      ))}
      {without.map(({ id, name }) => (
        <div key={id} className={classes.capture} data-testid="capture-row" data-asset={id}>
          <div className={classes.captureTop}>
            <strong>
              <EvidenceText value={name} limit={80} />
            </strong>
            <span className="dim">
              not captured; see the decisions below for the reason, or use “Capture now”
            </span>
          </div>
        </div>
      ))}
    </Section>
  );
}

function CaptureRow({ capture }: { capture: Capture }) {
  const cancel = useCancelCapture();
  const open = capture.state === 'queued' || capture.state === 'running';
  return (
    <div
      className={classes.capture}
      data-testid="capture-row"
      data-asset={capture.asset.id}
      data-state={capture.state}
    >
      <div className={classes.captureTop}>
        <strong>
          <EvidenceText value={capture.asset.name} limit={80} />
        </strong>
        <CaptureTag state={capture.state} />
        <span className="dim">
          <EvidenceText value={`${capture.profile} by ${capture.provider}`} limit={80} />
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
              disabled={cancel.isPending}
              onClick={() => cancel.mutate(capture.id)}
              data-testid="capture-cancel"
            >
              cancel
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
          </span>
        )}
      </div>
      {cancel.error && <div className={classes.bad}>{cancel.error.message}</div>}
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
