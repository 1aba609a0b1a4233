import { expect, it } from 'vitest';
import type { Alert, Capture, Containment } from '../api/types.ts';
import { lastContainment } from './containment.ts';

const alert = (lastSeen: string, containment: Containment) =>
  ({ asset: 'a', normalised: { lastSeen, hosts: [{ ips: [], macs: [], containment }] } }) as unknown as Alert;
const capture = (endedAt: string, steps: Record<string, string>) =>
  ({ asset: { id: 'a', name: 'web01' }, requestedAt: endedAt, endedAt, steps }) as Capture;

it('believes the newest word, of alerts and of captures alike', () => {
  const alerts = [alert('2026-11-22T01:00:00Z', 'normal'), alert('2026-11-22T01:05:00.5Z', 'contained')];
  expect(lastContainment('a', alerts, [])).toBe('contained');
  const read = capture('2026-11-22T01:10:00Z', {
    containment_before: 'contained',
    containment_after: 'normal',
  });
  expect(lastContainment('a', alerts, [read])).toBe('normal');
});

it('says nothing about a host of which nothing is known', () => {
  expect(lastContainment('b', [alert('2026-11-22T01:00:00Z', 'contained')], [])).toBeUndefined();
  expect(lastContainment('a', [alert('2026-11-22T01:00:00Z', 'unknown')], [])).toBeUndefined();
});
