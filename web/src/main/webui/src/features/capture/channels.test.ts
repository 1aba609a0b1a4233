import { expect, it } from 'vitest';
import type { Asset } from '@/api/types.ts';
import { offered } from '@/ui/profileWords.ts';
import { captured, channelsOf, lookedThrough } from './channels.ts';

const asset = (...identifiers: [string, string][]): Asset => ({
  id: 'a',
  name: 'web01',
  createdAt: '2026-11-22T00:00:00Z',
  identifiers: identifiers.map(([kind, value]) => ({ kind, value, firstSeen: '', lastSeen: '' })),
});

it('offers the automatic choice only where there is one', () => {
  const names = (...known: [string, string][]) => channelsOf(asset(...known)).map(({ name }) => name);
  expect(names(['address', '10.0.0.1'])).toEqual([]);
  expect(names(['sensor_id', 'darktrace:22'])).toEqual([]);
  expect(names(['agent_id', 'ag-1'])).toEqual(['endpoint']);
  expect(names(['sensor_id', 'defender:0f'], ['agent_id', 'ag-1'])).toEqual(['auto', 'endpoint', 'defender']);
});

it('looks at the host through a vendor and never through the agent', () => {
  const channels = channelsOf(asset(['sensor_id', 'sentinelone:7'], ['agent_id', 'ag-1']));
  expect(lookedThrough(channels, 'auto')).toBe('sentinelone');
  expect(lookedThrough(channels, 'endpoint')).toBeUndefined();
});

it('captures a function through AWS alone, with a profile of its own', () => {
  const one = asset(['instance_id', 'arn:aws:lambda:eu-central-1:123456789012:function:Resize']);
  expect(channelsOf(one).map(({ name }) => name)).toEqual(['aws']);
  expect(captured(one)).toBe('function');
  expect(offered([], 'aws', captured(one)).map(({ name }) => name)).toEqual(['function']);
  expect(captured(asset(['instance_id', 's3://trail/AWSLogs/']))).toBe('bucket');
  expect(captured(asset(['instance_id', 'i-0ab1']))).toBe('machine');
});

it('reaches a container of a task through its cloud, and knows it for one', () => {
  const container = asset(['instance_id', 'arn:aws:ecs:eu-central-1:123456789012:task/shop/0f:cart']);
  expect(channelsOf(container).map(({ name }) => name)).toEqual(['aws']);
  expect(captured(container)).toBe('task');
});
