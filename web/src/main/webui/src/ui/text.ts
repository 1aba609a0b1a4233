/** Characters that hide or reorder text: controls, bidirectional marks, zero-width and tag characters, lone surrogates. */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/u;
const HIDDEN_ALL = new RegExp(HIDDEN.source, 'gu');

export type Segment = { text: string; hidden: boolean };

/** The text in pieces, every character that would not be seen replaced by a visible name. `lines` keeps line breaks and tabs. */
export function segments(text: string, lines = false): Segment[] {
  const parts: Segment[] = [];
  let end = 0;
  for (const match of text.matchAll(HIDDEN_ALL)) {
    const character = match[0];
    if (lines && (character === '\n' || character === '\t')) {
      continue;
    }
    if (match.index > end) {
      parts.push({ text: text.slice(end, match.index), hidden: false });
    }
    parts.push({ text: nameOf(character), hidden: true });
    end = match.index + character.length;
  }
  if (end < text.length) {
    parts.push({ text: text.slice(end), hidden: false });
  }
  return parts;
}

/** The same as one string, for tooltips and titles. */
export function visible(text: string): string {
  return HIDDEN.test(text)
    ? segments(text)
        .map((part) => part.text)
        .join('')
    : text;
}

const CONTROLS =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const name =
    CONTROLS[code] ?? (code === 0x7f ? 'DEL' : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`);
  return `⟨${name}⟩`;
}

/** Cuts at a code point, never inside a surrogate pair. */
export function cut(text: string, length: number): string {
  if (text.length <= length) {
    return text;
  }
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
