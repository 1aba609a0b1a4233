import type { TimelineState } from './searchState.ts';

/** Changes the search, and with it the address. */
export type Patch = (change: Partial<TimelineState>, replace?: boolean) => void;
