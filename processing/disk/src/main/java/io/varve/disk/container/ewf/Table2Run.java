package io.varve.disk.container.ewf;

import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.container.LoadedCache;
import io.varve.disk.container.ewf.Place.Coding;
import io.varve.disk.container.ewf.Place.Fill;
import io.varve.disk.container.ewf.Place.Stored;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// The chunks of one sector table of an Ex01 image, read when first needed.
record Table2Run(int id, Segment segment, long offset, int count, LoadedCache<long[]> tables) implements ChunkRun {
    static final int ENTRY = 16;
    private static final int COMPRESSED = 1;
    private static final int FILLED = 4;

    @Override
    public Place place(long index) throws IOException {
        long[] entries = tables.part(id);
        long place = entries[(int) index * 2];
        long length = entries[(int) index * 2 + 1] & 0xffff_ffffL;
        int flags = (int) (entries[(int) index * 2 + 1] >>> 32);
        if ((flags & COMPRESSED) != 0 && (flags & FILLED) != 0) {
            return new Fill(place);
        }
        long size = segment.bytes().size();
        if (place < 0 || place > size || length > size - place) {
            throw new CorruptException(
                    "its table puts it at offset %d of %s, which ends at %d".formatted(place, segment.name(), size));
        }
        return new Stored(segment, place, length, (flags & COMPRESSED) != 0 ? Coding.ZLIB : Coding.PLAIN);
    }

    /// Two values for each chunk, as they are stored.
    long[] load() throws IOException {
        Cursor cursor =
                Cursor.littleEndian(MemorySegment.ofArray(segment.read(offset, (long) count * ENTRY, "Ex01 table")));
        long[] entries = new long[count * 2];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = cursor.i64("chunk");
        }
        return entries;
    }
}
