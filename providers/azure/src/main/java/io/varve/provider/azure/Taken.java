package io.varve.provider.azure;

/// A snapshot of one of the machine's disks.
///
/// @param disk its name
/// @param snapshot resource id
/// @param bytes of the disk
/// @param key disk encryption set of the snapshot; empty when the key is Azure's own
/// @param signedIn true when its pages are given to those only who are signed in
record Taken(
        String disk,
        String device,
        String snapshot,
        long bytes,
        String encryption,
        String key,
        String guest,
        boolean signedIn) {
    ResourceId resource() {
        return ResourceId.required(snapshot);
    }
}
