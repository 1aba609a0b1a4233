import { expect, it } from 'vitest';
import type { Check, CheckResult } from '../api/types.ts';
import { summary, worstFirst } from './checks.ts';

const check = (name: string, result: CheckResult): Check => ({
  name,
  result,
  needed: '',
  detail: '',
  mend: '',
});
const CHECKS = [check('a', 'ok'), check('b', 'too_broad'), check('c', 'missing'), check('d', 'ok')];

it('counts what was found, worst first, and leaves out what was not', () => {
  expect(summary(CHECKS)).toEqual([
    { result: 'missing', count: 1 },
    { result: 'too_broad', count: 1 },
    { result: 'ok', count: 2 },
  ]);
});

it('shows what needs a hand first and loses nothing', () => {
  expect(worstFirst(CHECKS).map(({ name }) => name)).toEqual(['c', 'b', 'a', 'd']);
});
