import { describe, expect, it } from 'vitest';
import { asText, hex, imageType, printable, rows } from './hex.ts';

describe('hex view', () => {
  it('has sixteen bytes a row and the offsets of the file', () => {
    const found = rows(new Uint8Array(20).fill(65), 0x200);
    expect(found.map(({ offset, bytes }) => [offset, bytes.length])).toEqual([
      [0x200, 16],
      [0x210, 4],
    ]);
    expect(hex(0x210, 8)).toBe('00000210');
    expect(printable(65) + printable(10)).toBe('A·');
  });

  it('shows text as text and binary as none', () => {
    expect(asText(new TextEncoder().encode('größe\n'))).toBe('größe\n');
    expect(asText(new Uint8Array([0x41, 0, 0x42, 0]))).toBe('AB');
    expect(asText(new Uint8Array([0, 1, 2, 3, 4, 5]))).toBeNull();
  });

  it('knows raster images by their bytes and never SVG', () => {
    expect(imageType(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]))).toBe('image/jpeg');
    expect(imageType(new TextEncoder().encode('<svg onload=alert(1)>'))).toBeNull();
  });
});
