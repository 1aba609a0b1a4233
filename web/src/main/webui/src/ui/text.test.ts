import { describe, expect, it } from 'vitest';
import { cut, segments, visible } from './text.ts';

describe('hostile text', () => {
  it('names control characters', () => {
    expect(visible('a\u0000b\u001b[31mred\u007f')).toBe('a⟨NUL⟩b⟨ESC⟩[31mred⟨DEL⟩');
  });
  it('names characters that reorder text', () => {
    expect(visible('invoice\u202egnp.exe')).toBe('invoice⟨U+202E⟩gnp.exe');
    expect(visible('a\u2066b\u2069\u200f')).toBe('a⟨U+2066⟩b⟨U+2069⟩⟨U+200F⟩');
  });
  it('names zero-width, tag and lone surrogate characters', () => {
    expect(visible('ad\u200bmin')).toBe('ad⟨U+200B⟩min');
    expect(visible('x\u{e0041}')).toBe('x⟨U+E0041⟩');
    expect(visible('x\ud800y')).toBe('x⟨U+D800⟩y');
  });
  it('keeps ordinary text of any script', () => {
    expect(visible('Größe 日本語 مرحبا 🙂')).toBe('Größe 日本語 مرحبا 🙂');
  });
  it('keeps line breaks where lines are wanted', () => {
    expect(segments('a\nb\r', true)).toEqual([
      { text: 'a\nb', hidden: false },
      { text: '⟨CR⟩', hidden: true },
    ]);
  });
  it('does not cut a character in half', () => {
    expect(cut('ab🙂', 3)).toBe('ab');
    expect(cut('abc', 3)).toBe('abc');
  });
});
