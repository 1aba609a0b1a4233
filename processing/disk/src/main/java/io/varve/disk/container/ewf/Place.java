package io.varve.disk.container.ewf;

/// Where one chunk is stored.
sealed interface Place {
    /// Stored in a segment.
    ///
    /// @param length most bytes it takes there
    record Stored(Segment segment, long offset, long length, Coding coding) implements Place {
        String where() {
            return " at offset %d of %s".formatted(offset, segment.name());
        }
    }

    /// Not stored: the chunk repeats eight bytes.
    record Fill(long pattern) implements Place {}

    enum Coding {
        /// As it is, an Adler-32 after it.
        PLAIN,
        ZLIB
    }
}
