/** What an action of the custody log means, for somebody who never saw one. */
const ACTS: Record<string, string> = {
  'capture.started': 'A worker began to capture',
  'capture.received': 'All bytes arrived',
  'capture.cancelled': 'The capture was cancelled',
  'capture.failed': 'The capture failed',
  'capture.reason': 'A person said why',
  'capture.approved': 'A person agreed to the capture',
  'capture.fallback': 'It follows a capture that failed',
  'capture.picked_up': 'The agent fetched the order',
  ordered: 'The agent was told to capture',
  'picked up': 'The agent began to collect',
  uploaded: 'The agent has sent everything',
  'host.found': 'The host was found',
  'host.others': 'Other hosts answer to the same name',
  'host.cleaned': 'What was put on the host was removed',
  'containment.before': 'Containment was read before the capture',
  'containment.after': 'Containment was read after the capture',
  'containment.changed': 'Somebody changed the containment meanwhile',
  'collector.uploaded': 'The collector was handed to the vendor',
  'collector.changed': 'The collector kept by the vendor was replaced',
  'collector.delivered': 'The collector was put on the host',
  'collector.started': 'The collector was started',
  'collector.refused': 'The collector may not be run there',
  'part.mismatch': 'A part had other bytes than the host stated',
  'parts.verified': 'Every part was compared with the digest of the host',
  'files.fetched': 'Files were fetched one by one',
  'package.ordered': 'The vendor was asked for its package',
  'package.fetched': 'The package was fetched',
  'package.stored': 'The package was stored',
  'package.cancelled': 'The package was cancelled',
  'threat.file': 'The file of the threat was fetched',
  'instance.found': 'The machine was found in the cloud',
  'protection.set': 'The machine and its disks were kept from deletion',
  'protection.restored': 'The protection was put back as it was',
  'snapshots.created': 'Snapshots were taken',
  'snapshot.created': 'A snapshot was taken',
  'snapshot.shared': 'A snapshot was shared with the forensic account',
  'snapshot.copied': 'A snapshot was copied to the forensic account',
  'snapshot.removed': 'A snapshot was removed',
  'snapshots.removed': 'The snapshots were removed',
  'access.granted': 'A snapshot was opened for reading',
  'image.created': 'An image was made of a snapshot',
  'image.complete': 'Every written block is here',
  'release.failed': 'Something could not be removed yet',
  'release.gone': 'What was to be removed is gone by itself',
  'pod.found': 'The pod was found',
  'node.instance': 'The machine below the pod was named',
  'container.not_collected': 'A container was not collected',
  'ephemeral.added': 'A container was added to the pod to read it',
  'ephemeral.ended': 'The added container was ended',
  'export.begun': 'An export was begun',
  'export.complete': 'The export is complete',
  'export.failed': 'The export failed',
  retained: 'The bytes were retained in the store',
  copied: 'A second copy was kept',
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
