import { expect, it } from 'vitest';
import type { Capture } from '../api/types.ts';
import { containmentChanged, stepsOf } from './captureSteps.ts';

const capture = (steps: Record<string, string>) => ({ steps }) as Capture;

it('tells the steps in the order they are done and leaves out what a provider keeps for itself', () => {
  const steps = stepsOf(
    capture({
      cleaned: 'the folder is gone',
      'channel.order.1': '{"id":7}',
      host: 'web01 a1',
      started: '31 artefacts',
    }),
  );
  expect(steps.map(({ name }) => name)).toEqual(['host', 'started', 'cleaned']);
});

it('is alarmed when containment after is not what it was before', () => {
  const same = stepsOf(capture({ containment_before: 'contained', containment_after: 'contained' }));
  expect(same.map(({ tone }) => tone)).toEqual(['ok', 'ok']);
  const other = capture({
    containment_before: 'contained',
    containment_after: 'normal',
    containment_changed: 'contained before, normal after the capture; not changed by Varve',
  });
  expect(stepsOf(other).map(({ tone }) => tone)).toEqual(['ok', 'bad']);
  expect(containmentChanged(other)).toContain('not changed by Varve');
});

it('writes times and sizes as they are written everywhere', () => {
  const steps = stepsOf(capture({ picked_up: '2026-11-22T07:23:52.365304822Z', uploaded: '23191' }));
  expect(steps.map(({ result }) => result)).toEqual(['2026-11-22 07:23:52Z', '22.6 KiB']);
});

it('says when something may be left on the host', () => {
  const [step] = stepsOf(capture({ cleaned: 'cleaning up failed, look for varve-1 on the host' }));
  expect(step?.tone).toBe('warn');
});

it('says what a cloud keeps as JSON in words, and damaged JSON as it is', () => {
  const steps = stepsOf(
    capture({
      host: '{"instance":"i-1","group":"","volumes":[{"device":"/dev/sda1","gibibytes":8},{"device":"/dev/sdb"}]}',
      snapshots: '[{"snapshot":"snap',
    }),
  );
  expect(steps.map(({ result }) => result)).toEqual([
    'instance i-1, volumes device /dev/sda1, gibibytes 8; device /dev/sdb',
    '[{"snapshot":"snap',
  ]);
});
