import { describe, expect, it } from 'vitest';
import { parseUtc, readState, writeState } from './searchState.ts';

describe('search state', () => {
  it('survives the address and back', () => {
    const address = 'q=host%3A%22a%26b%22&from=2026-11-22T00%3A00%3A00Z&incident=i1&event=e1&sort=asc';
    const state = readState(new URLSearchParams(address));
    expect(state.q).toBe('host:"a&b"');
    expect(readState(writeState(state))).toEqual(state);
    expect(writeState(state).toString()).toBe(address);
  });
  it('leaves out what is as it would be anyway', () => {
    expect(writeState(readState(new URLSearchParams('sort=desc&q='))).toString()).toBe('');
    expect(readState(new URLSearchParams('sort=sideways')).sort).toBe('desc');
  });
});

describe('typed times', () => {
  it.each([
    ['2026-11-22', '2026-11-22T00:00:00Z'],
    ['2026-11-22 01:05', '2026-11-22T01:05:00Z'],
    ['2026-11-22T01:05:09.5Z', '2026-11-22T01:05:09.5Z'],
    ['', ''],
  ])('%s are read as UTC', (typed, iso) => {
    expect(parseUtc(typed)).toBe(iso);
  });
  it.each(['yesterday', '2026-13-01', '2026-02-30', '22/11/2026'])('%s are refused', (typed) => {
    expect(parseUtc(typed)).toBeUndefined();
  });
});
