export const ROW = 16;

export type HexRow = { offset: number; bytes: number[] };

/** Sixteen bytes a row, the first row beginning at a multiple of sixteen in the file. */
export function rows(bytes: Uint8Array, start: number): HexRow[] {
  const all: HexRow[] = [];
  for (let at = 0; at < bytes.length; at += ROW) {
    all.push({ offset: start + at, bytes: Array.from(bytes.subarray(at, at + ROW)) });
  }
  return all;
}

export function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

export function printable(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}

/** Text when it reads as UTF-8 or UTF-16 without many odd characters; empty when it does not. */
export function asText(bytes: Uint8Array): string | null {
  const wide = bytes.length > 3 && bytes[1] === 0 && bytes[3] === 0;
  const text = new TextDecoder(wide ? 'utf-16le' : 'utf-8').decode(bytes);
  let odd = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code === 0xfffd || (code < 0x20 && code !== 9 && code !== 10 && code !== 13)) {
      odd++;
    }
  }
  return odd * 50 > text.length ? null : text;
}

const IMAGES: [string, number[]][] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
];

/** The type of a raster image, told by its bytes; anything a browser would run is none. */
export function imageType(bytes: Uint8Array): string | null {
  const known = IMAGES.find(([, magic]) => magic.every((byte, index) => bytes[index] === byte));
  return known ? known[0] : null;
}
