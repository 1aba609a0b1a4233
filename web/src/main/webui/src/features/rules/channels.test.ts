import { expect, it } from 'vitest';
import type { Rule } from '@/api/types.ts';
import { channelsText } from './channels.ts';

it('says in which order channels are tried', () => {
  const rule = (...providers: string[]) => ({ providers }) as Rule;
  expect(channelsText(rule('auto'))).toBe('automatic');
  expect(channelsText(rule())).toBe('automatic');
  expect(channelsText(rule('defender', 'endpoint'))).toBe("Microsoft Defender, then Varve's agent");
});
