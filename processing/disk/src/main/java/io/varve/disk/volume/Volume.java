package io.varve.disk.volume;

import io.varve.binary.Bytes;

/// A run of a disk that may hold a file system, or a gap in which none is.
///
/// @param name stable name inside its table or group: `p1` for the first partition, `vg0/root`, `md127`
/// @param kind what the table says it is, e.g. `0x83 Linux`, `Linux filesystem data`, `linear`, `unallocated`
/// @param offset first byte in the device the table describes; -1 for a volume made of several devices or runs
/// @param allocated false for gaps and deleted entries
public record Volume(String name, String kind, long offset, Bytes bytes, boolean allocated) {}
