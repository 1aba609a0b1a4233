import { useHotkeys } from '@mantine/hooks';
import { useState } from 'react';

/** j and k move through a list, Enter opens. Answers the index in focus, -1 before the first key. */
export function useListKeys(length: number, open: (index: number) => void, start = -1) {
  const [chosen, setActive] = useState(start);
  const active = Math.min(chosen, length - 1);
  useHotkeys([
    ['j', () => setActive(Math.min(active + 1, length - 1))],
    ['k', () => setActive(Math.max(active - 1, 0))],
    ['Enter', (event) => active >= 0 && !hasOwnUse(event) && open(active), { preventDefault: false }],
  ]);
  return { active, setActive };
}

/** Enter on a button, a link or in a dialog is meant for that. */
function hasOwnUse({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest('button, a, [role="dialog"]') !== null;
}
