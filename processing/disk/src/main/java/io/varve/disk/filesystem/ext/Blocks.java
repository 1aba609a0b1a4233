package io.varve.disk.filesystem.ext;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import java.io.IOException;

/// The volume as numbered blocks.
record Blocks(Bytes volume, SuperBlock superBlock) {
    int size() {
        return superBlock.blockSize();
    }

    /// One block, newly read.
    byte[] read(long block, String what) throws IOException {
        byte[] bytes = new byte[size()];
        read(block, 0, bytes, 0, bytes.length, what);
        return bytes;
    }

    /// Bytes that start `within` a block and may go on in the blocks after it.
    void read(long block, long within, byte[] target, int start, int length, String what) throws IOException {
        if (block < 0 || block >= superBlock.blocks()) {
            throw new CorruptException(
                    "%s: block %d lies outside the %d of the file system".formatted(what, block, superBlock.blocks()));
        }
        long offset = block * size() + within;
        if (offset > volume.size() - length) {
            throw new CorruptException("%s: %d bytes at offset %d lie past the end of the volume at %d"
                    .formatted(what, length, offset, volume.size()));
        }
        volume.read(offset, target, start, length);
    }
}
