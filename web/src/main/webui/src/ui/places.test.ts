import { expect, it } from 'vitest';
import { counted, placesOf } from './places.ts';

it('reads each letter of the step', () => {
  expect(placesOf('.0178s')).toEqual(['unwritten', 'waiting', 'reading', 'reading', 'read', 'stored']);
});

it('counts stretches of each kind', () => {
  expect(counted(placesOf('..0ss'))).toEqual({ unwritten: 2, waiting: 1, reading: 0, read: 0, stored: 2 });
});
