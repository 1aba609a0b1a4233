package io.varve.disk.container;

import io.varve.binary.Bytes;
import java.io.IOException;

/// What an image holds of a stretch of its disk.
public sealed interface Run {
    /// Bytes of the disk this says something of; at least 1.
    long length();

    /// All zero, and stored nowhere.
    record Zeros(long length) implements Run {}

    /// In a file as they are.
    record Stored(Bytes file, long offset, long length) implements Run {}

    /// As in the image below, a parent or backing file; zero where there is none or it is shorter.
    record Below(long length) implements Run {}

    /// Part of a compressed block.
    ///
    /// @param from where in the block
    record Packed(Block block, int from, long length) implements Run {}

    /// A compressed block that is expanded when asked for.
    @FunctionalInterface
    interface Block {
        /// Not to be changed: others read it too.
        byte[] bytes() throws IOException;
    }
}
