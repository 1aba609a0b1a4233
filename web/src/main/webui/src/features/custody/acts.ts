/** What an action of the custody log means, for somebody who never saw one. */
const ACTS: Record<string, string> = {
  'capture.started': 'A worker began to capture',
  'capture.received': 'All bytes arrived',
  'capture.cancelled': 'The capture was cancelled',
  'capture.failed': 'The capture failed',
  sealed: 'Every byte was read back, hashed and sealed',
  processed: 'The evidence was read into the timeline',
  'processing.failed': 'Reading the evidence failed',
  'key.added': 'A key for encrypted volumes was given',
  'key.removed': 'A key for encrypted volumes was removed',
  file_read: 'A file inside it was read',
  downloaded: 'The bytes were downloaded',
  verified: 'Every byte and the log were checked on request',
  rehashed: 'Every byte and the log were checked on schedule',
  exported: 'An evidence package was made',
  'package.downloaded': 'An evidence package was downloaded',
  'report.downloaded': 'The custody report was printed',
  'case.downloaded': 'The custody log was exported as CASE',
  'hold.placed': 'A legal hold was placed',
  'hold.lifted': 'The legal hold was lifted',
  'retention.set': 'Retention was set',
  deleted: 'The bytes were deleted by policy',
};

export function act(action: string): string {
  return ACTS[action] ?? action;
}

/** Numbers of the entries that do not hold the digest of the one before. */
export function brokenLinks(entries: { sequence: number; digest: string; previous: string }[]): number[] {
  const start = '0'.repeat(64);
  return entries
    .filter(
      ({ sequence, previous }, index) =>
        sequence !== index + 1 || previous !== (entries[index - 1]?.digest ?? start),
    )
    .map(({ sequence }) => sequence);
}
