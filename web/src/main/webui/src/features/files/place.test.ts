import { describe, expect, it } from 'vitest';
import { address, crumbs, folderOf, lastName, where } from './place.ts';

describe('place in evidence', () => {
  it('survives the way through the address', () => {
    const at = { volume: 'vg0/root', folder: '/a b/ü', file: '/a b/ü/x:stream', offset: 512 };
    expect(where(new URLSearchParams(address(at).toString()))).toEqual(at);
    expect(where(new URLSearchParams('offset=-3'))).toEqual({
      volume: null,
      folder: '/',
      file: null,
      offset: 0,
    });
  });

  it('names the folders on the way', () => {
    expect(crumbs('/var/log')).toEqual([
      { name: 'var', path: '/var' },
      { name: 'log', path: '/var/log' },
    ]);
    expect(crumbs('/')).toEqual([]);
    expect([lastName('/var/log'), folderOf('/var/log'), folderOf('/var')]).toEqual(['log', '/var', '/']);
  });
});
