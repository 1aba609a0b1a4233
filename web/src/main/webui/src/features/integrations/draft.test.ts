import { expect, it } from 'vitest';
import type { Integration, Vendor } from '@/api/types.ts';
import { blank, draftOf, fieldsOf, sent } from './draft.ts';

const vendor: Vendor = {
  name: 'crowdstrike',
  label: 'CrowdStrike Falcon',
  uses: ['capture', 'alerts', 'comment'],
  sources: ['crowdstrike'],
  comments: ['crowdstrike'],
  fields: [],
  guide: 'crowdstrike',
};

it('leaves comments at the vendor off until somebody wants them', () => {
  expect(blank(vendor).uses).toEqual(['capture', 'alerts']);
  expect(blank(vendor).inbound).toBeNull();
  expect(blank({ ...vendor, uses: [] }).inbound?.source).toBe('crowdstrike');
});

it('asks how often alerts are fetched only where alerts are fetched', () => {
  expect(fieldsOf(vendor).map(({ name }) => name)).toEqual(['fetch_seconds']);
  expect(fieldsOf({ ...vendor, uses: [] })).toEqual([]);
});

it('sends a secret only when it was typed, and an empty one to remove it', () => {
  const draft = draftOf({
    id: 'i',
    vendor: 'crowdstrike',
    name: 'Falcon ',
    enabled: true,
    uses: ['capture'],
    settings: { client_id: ' abc ', base_url: '' },
    secrets: ['client_secret'],
    inbound: { kind: 'header', source: 'crowdstrike', settings: { header: 'X-S' }, address: '/api' },
  } as unknown as Integration);
  expect(sent(draft)).toEqual({
    vendor: 'crowdstrike',
    name: 'Falcon',
    enabled: true,
    uses: ['capture'],
    settings: { client_id: 'abc' },
    secrets: {},
    inbound: { kind: 'header', source: 'crowdstrike', settings: { header: 'X-S' } },
  });
  expect(sent({ ...draft, secrets: { client_secret: '' } }).secrets).toEqual({ client_secret: '' });
});

it('leaves settings of another proof behind', () => {
  const inbound = {
    kind: 'basic' as const,
    source: 'scc',
    settings: { header: 'X-S' },
    secret: 'user:password',
  };
  expect(sent({ ...blank(vendor), inbound }).inbound).toEqual({
    kind: 'basic',
    source: 'scc',
    settings: {},
    secret: 'user:password',
  });
});
