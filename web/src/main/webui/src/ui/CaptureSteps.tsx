import type { Capture } from '../api/types.ts';
import { containmentChanged, stepsOf } from './captureSteps.ts';
import classes from './CaptureSteps.module.css';
import { EvidenceText } from './EvidenceText.tsx';
import { Banner } from './Notice.tsx';
import { Tag } from './Tag.tsx';

/** What was done on the host so far, and loudly when its containment changed meanwhile. */
export function CaptureSteps({ capture }: { capture: Capture }) {
  const changed = containmentChanged(capture);
  const steps = stepsOf(capture);
  return (
    <>
      {changed && (
        <Banner tone="bad" testid="containment-changed">
          <strong>Containment changed while the host was captured.</strong> <EvidenceText value={changed} />
        </Banner>
      )}
      {steps.length > 0 && (
        <ol className={classes.steps}>
          {steps.map(({ name, words, result, tone }) => (
            <li key={name} data-testid="capture-step" data-step={name}>
              <Tag tone={tone}>{words}</Tag>
              <EvidenceText value={result} limit={240} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
