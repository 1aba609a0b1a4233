import { useEffect } from 'react';
import { visible } from './text.ts';

/** Names the browser tab; at night there are many. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${visible(title)} · Varve` : 'Varve';
  }, [title]);
}
