import { describe, expect, it } from 'vitest';
import { add, clause, mode, remove } from './clauses.ts';

describe('query clauses', () => {
  it('quote values so that nothing in them is syntax', () => {
    expect(clause('user', 'a" OR *:* "b\\')).toBe('user:"a\\" OR *:* \\"b\\\\"');
    expect(clause('user', 'line\nbreak')).toBe('user:"line break"');
    expect(clause('odd field', 'x')).toBe('odd\\ field:"x"');
  });
  it('are joined with AND, a choice is put in brackets', () => {
    expect(add('', 'host', 'web01', 'include')).toBe('host:"web01"');
    expect(add('curl', 'host', 'web01', 'exclude')).toBe('curl AND NOT host:"web01"');
    expect(add('a OR b', 'host', 'web01', 'include')).toBe('(a OR b) AND host:"web01"');
    expect(add('"a OR b"', 'host', 'web01', 'include')).toBe('"a OR b" AND host:"web01"');
    expect(add('(a OR b) AND c', 'host', 'x', 'include')).toBe('(a OR b) AND c AND host:"x"');
  });
  it('replace the opposite clause and are never doubled', () => {
    const included = add('curl', 'host', 'web01', 'include');
    expect(add(included, 'host', 'web01', 'exclude')).toBe('curl AND NOT host:"web01"');
    expect(add(included, 'host', 'web01', 'include')).toBe(included);
  });
  it('are found and taken out again', () => {
    const query = 'curl AND NOT user:"a AND b" AND host:"web01"';
    expect(mode(query, 'user', 'a AND b')).toBe('exclude');
    expect(mode(query, 'host', 'web01')).toBe('include');
    expect(mode(query, 'host', 'web02')).toBeUndefined();
    expect(remove(query, 'user', 'a AND b')).toBe('curl AND host:"web01"');
  });
});
