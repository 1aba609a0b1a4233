import type { Capture, Named } from '@/api/types.ts';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Empty } from '@/ui/Notice.tsx';
import { Section } from '@/ui/Section.tsx';
import { CaptureRow } from './CaptureRow.tsx';
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
