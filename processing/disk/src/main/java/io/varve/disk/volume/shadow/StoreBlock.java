package io.varve.disk.volume.shadow;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// One of the 16 KiB blocks that shadow copies are kept in: a header of 128 bytes with what it is and where the next
/// of its kind lies, then content.
record StoreBlock(long place, long next, MemorySegment content) {
    static final int SIZE = 16 << 10;
    static final int HEADER = 128;

    static final int VOLUME = 1;
    static final int CATALOG = 2;
    static final int DESCRIPTORS = 3;
    static final int STORE = 4;
    static final int BITMAP = 6;

    /// {3808876b-c176-4e48-b7ae-04046e6cc752}
    private static final byte[] IDENTIFIER = HexFormat.of().parseHex("6b87083876c1484eb7ae04046e6cc752");

    /// Whether the identifier is here.
    static boolean identified(Bytes volume, long place) throws IOException {
        if (place < 0 || place > volume.size() - HEADER) {
            return false;
        }
        byte[] found = new byte[IDENTIFIER.length];
        volume.read(place, found, 0, found.length);
        return Arrays.equals(found, IDENTIFIER);
    }

    static StoreBlock read(Bytes volume, long place, int kind) throws IOException {
        if (!identified(volume, place)) {
            throw new CorruptException("VSS block at offset %d is none".formatted(place));
        }
        MemorySegment copy = MemorySegment.ofArray(volume.at(place, Math.min(SIZE, volume.size() - place), "VSS block")
                .toArray(ValueLayout.JAVA_BYTE));
        Cursor cursor = Cursor.littleEndian(copy).at(20);
        int found = cursor.i32("VSS record type");
        if (found != kind) {
            throw new CorruptException("VSS block at offset %d is of type %d, not %d".formatted(place, found, kind));
        }
        cursor.skip(16, "VSS offsets");
        return new StoreBlock(place, cursor.i64("VSS next offset"), copy.asSlice(HEADER));
    }

    /// The blocks of one kind, each naming the next; a circle ends in a [CorruptException].
    static final class Chain {
        private final Bytes volume;
        private final int kind;
        private final HashSet<Long> seen = new HashSet<>();
        private long next;

        Chain(Bytes volume, long first, int kind) {
            this.volume = volume;
            this.kind = kind;
            this.next = first;
        }

        /// The next block; null behind the last.
        @Nullable
        StoreBlock next() throws IOException {
            if (next == 0) {
                return null;
            }
            long place = next;
            next = 0;
            if (!seen.add(place)) {
                throw new CorruptException("VSS block at offset %d comes twice in a chain".formatted(place));
            }
            StoreBlock block = read(volume, place, kind);
            next = block.next;
            return block;
        }
    }
}
