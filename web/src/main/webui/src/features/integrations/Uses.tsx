import { Stack, Switch } from '@mantine/core';
import type { Use, Vendor } from '@/api/types.ts';

const WORDS: Record<Use, [string, string]> = {
  capture: [
    'Capture hosts',
    "Through the vendor's own channel, contained or not. Containment is never touched.",
  ],
  alerts: ['Fetch alerts', 'New alerts are asked for and become incidents.'],
  comment: [
    'Leave comments',
    "A comment with the link to the Forensics tab and the state of the capture on the vendor's alert.",
  ],
};

type Props = { vendor: Vendor; uses: Use[]; onChange: (uses: Use[]) => void };

/** What the connection is for, each by choice. */
export function Uses({ vendor, uses, onChange }: Props) {
  return (
    <Stack gap={6}>
      {vendor.uses.map((use) => (
        <Switch
          key={use}
          label={WORDS[use][0]}
          description={WORDS[use][1]}
          checked={uses.includes(use)}
          onChange={(event) =>
            onChange(event.currentTarget.checked ? [...uses, use] : uses.filter((one) => one !== use))
          }
          data-testid={`use-${use}`}
        />
      ))}
    </Stack>
  );
}

/** `captures hosts, fetches alerts`; what a list shows. */
export function usesText(uses: Use[], pushes: boolean): string {
  const words: Record<Use, string> = { capture: 'captures', alerts: 'fetches alerts', comment: 'comments' };
  return [...uses.map((use) => words[use]), ...(pushes ? ['receives alerts'] : [])].join(', ') || 'nothing';
}
