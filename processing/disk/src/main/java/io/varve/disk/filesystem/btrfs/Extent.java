package io.varve.disk.filesystem.btrfs;

/// A run of a file's bytes.
///
/// @param start first byte in the file
/// @param length how many bytes of the file it holds
/// @param kind [#INLINE], [#REGULAR] or [#PREALLOCATED]
/// @param address logical address of the whole extent on disk; 0 for a hole
/// @param stored bytes there, compressed if they are
/// @param skipped bytes of the expanded extent before this run
/// @param expanded bytes of the whole extent when it is not compressed
/// @param item the item it was read from
record Extent(
        long start,
        long length,
        int kind,
        int compression,
        long address,
        long stored,
        long skipped,
        long expanded,
        Block item) {
    static final int INLINE = 0;
    static final int REGULAR = 1;
    static final int PREALLOCATED = 2;

    /// Length of the fixed part; the content of an inline extent follows.
    static final int HEADER = 21;

    static Extent of(long start, Block item) {
        long expanded = item.i64(8);
        int compression = item.u8(16);
        if (item.u8(17) != 0 || item.u16(18) != 0) {
            throw item.corrupt("extent at %d is encrypted or encoded".formatted(start));
        }
        int kind = item.u8(20);
        if (kind == INLINE) {
            return new Extent(start, expanded, kind, compression, 0, item.length() - HEADER, 0, expanded, item)
                    .checked();
        }
        if (kind != REGULAR && kind != PREALLOCATED) {
            throw item.corrupt("extent at %d is of kind %d".formatted(start, kind));
        }
        return new Extent(
                        start,
                        item.i64(45),
                        kind,
                        compression,
                        item.i64(21),
                        item.i64(29),
                        item.i64(37),
                        expanded,
                        item)
                .checked();
    }

    private Extent checked() {
        boolean sized = start >= 0 && length > 0 && length <= Long.MAX_VALUE - start && skipped >= 0 && stored >= 0;
        boolean small = compression == Expansion.NONE
                || stored <= Expansion.MOST && expanded > 0 && expanded <= Expansion.MOST && skipped <= expanded;
        if (!sized || !small || kind == INLINE && start != 0) {
            throw item.corrupt(
                    "extent at %d of %d bytes, %d stored, %d expanded".formatted(start, length, stored, expanded));
        }
        return this;
    }

    long end() {
        return start + length;
    }

    boolean zeros() {
        return kind == PREALLOCATED || kind == REGULAR && address == 0;
    }
}
