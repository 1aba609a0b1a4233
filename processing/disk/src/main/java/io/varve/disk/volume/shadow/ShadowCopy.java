package io.varve.disk.volume.shadow;

import io.varve.binary.Bytes;
import io.varve.event.EventTime;

/// A further view of an NTFS volume: what it was when the copy was made.
///
/// @param name `shadow1` for the oldest
/// @param id the shadow copy's own, as `vssadmin list shadows` shows it
/// @param bytes the volume then, safe for several threads; its lists are read with the first byte of it
public record ShadowCopy(String name, EventTime created, String id, Bytes bytes) {}
