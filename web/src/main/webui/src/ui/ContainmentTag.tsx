import type { Containment } from '../api/types.ts';
import { Tag, type Tone } from './Tag.tsx';

const WORDS: Record<Containment, [Tone, string, string]> = {
  normal: ['ok', 'not contained', 'Its vendor lets it use the network.'],
  pending: ['warn', 'containment pending', 'Its vendor is about to cut it off, or to release it.'],
  contained: [
    'warn',
    'contained',
    'Its vendor has cut it off from the network. Varve reads this and never changes it.',
  ],
  unknown: ['mute', 'containment not known', 'The vendor does not say whether it is cut off.'],
};

/** Whether the host is cut off from the network by its vendor. */
export function ContainmentTag({ containment, testid }: { containment: Containment; testid?: string }) {
  const [tone, text, means] = WORDS[containment] ?? WORDS.unknown;
  return (
    <Tag tone={tone} state={containment} title={means} testid={testid ?? 'containment'}>
      {text}
    </Tag>
  );
}
