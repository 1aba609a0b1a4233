package io.varve.disk.volume;

import io.varve.binary.Bytes;
import io.varve.disk.Problems;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A partition table. Found by [java.util.ServiceLoader].
public interface PartitionTable {
    /// As responders call it, e.g. `GPT`.
    String name();

    /// Tables are asked from low to high: a GPT before the protective MBR in front of it.
    int order();

    /// The volumes in the order of their place, gaps between them included; empty when the device has no such table.
    /// A file system's boot sector is not a table, though it ends in the same two bytes.
    Optional<List<Volume>> read(Bytes device, Problems problems) throws IOException;
}
