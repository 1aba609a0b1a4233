import type { EvidenceKeyKind } from '@/api/types.ts';

/** What kinds of key there are, in a responder's words. */
export const KINDS: Record<EvidenceKeyKind, { label: string; help: string; file: boolean }> = {
  password: { label: 'Password', help: 'LUKS passphrase or BitLocker password, as it is typed', file: false },
  recovery: { label: 'BitLocker recovery key', help: 'eight groups of six digits', file: false },
  keyfile: { label: 'LUKS key file', help: 'the file that cryptsetup was given', file: true },
  startup: { label: 'BitLocker startup key', help: 'the .BEK file', file: true },
  master: { label: 'Volume key', help: 'in hexadecimal, e.g. from memory', file: false },
};

/** A file's bytes in base64, as the server takes them. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += String.fromCharCode(byte);
  }
  return btoa(text);
}
