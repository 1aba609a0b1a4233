import { expect, it } from 'vitest';
import { minutes, period, periodText } from './period.ts';

it('reads and writes durations as the server does', () => {
  expect(minutes('PT1H30M')).toBe(90);
  expect(minutes('PT24H')).toBe(1440);
  expect(minutes('P1W')).toBeUndefined();
  expect(period(90)).toBe('PT1H30M');
  expect(period(0)).toBe('PT0S');
  expect(periodText('PT1H')).toBe('1 h');
  expect(periodText('PT12.5S')).toBe('less than a minute');
  expect(periodText('PT0S')).toBe('0 min');
});
