package io.varve.provider.image;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Which blocks of an image were read, and which were never written: an unwritten block and one that was overwritten
/// with zeros look the same in the image and are not the same evidence. Kept beside the image as `blocks.json`.
///
/// @param schema `varve.blocks/1`
/// @param blockSize bytes
/// @param size bytes of the image
public record BlockMap(String schema, int blockSize, long size, List<Disk> disks) {
    public static final String SCHEMA = "varve.blocks/1";

    /// @param offset where the disk begins in the image, in bytes
    /// @param written blocks of the disk that were ever written; all others read as zero and were not read
    /// @param zero those of them that hold nothing but zeros
    public record Disk(String name, long offset, long size, List<Run> written, List<Run> zero) {}

    /// `count` blocks from `first` on.
    public record Run(int first, int count) {}

    static List<Run> runs(BitSet blocks) {
        var runs = new ArrayList<Run>();
        for (int first = blocks.nextSetBit(0); first >= 0; ) {
            int end = blocks.nextClearBit(first);
            runs.add(new Run(first, end - first));
            first = blocks.nextSetBit(end);
        }
        return List.copyOf(runs);
    }
}
