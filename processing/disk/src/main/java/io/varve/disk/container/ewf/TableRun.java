package io.varve.disk.container.ewf;

import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.container.LoadedCache;
import io.varve.disk.container.ewf.Place.Coding;
import io.varve.disk.container.ewf.Place.Stored;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// The chunks of one `table` section, read when first needed. Where it is damaged, its copy `table2` is taken.
///
/// An entry is an offset of 31 bits from a base; its highest bit says that the chunk is compressed. A chunk ends where
/// the next begins.
final class TableRun implements ChunkRun {
    private static final int HEADER = 24;
    private static final long COMPRESSED = 0x8000_0000L;

    private final int id;
    private final Segment segment;
    private final Header table;
    private final long dataEnd;
    private final boolean footed;
    private final LoadedCache<long[]> tables;
    private Optional<Header> copy = Optional.empty();

    /// @param offset of the table's header in the segment
    /// @param intact whether the header's checksum is right
    record Header(long offset, int count, long base, boolean intact) {
        /// @param end where the section ends
        static Header read(Segment segment, long offset, long end) throws IOException {
            byte[] header = segment.read(offset, HEADER, "EWF table header");
            Cursor cursor = Cursor.littleEndian(MemorySegment.ofArray(header));
            long count = cursor.u32("number of entries");
            cursor.skip(4, "padding");
            long base = cursor.i64("base offset");
            long checksum = cursor.at(20).u32("checksum");
            if (count > (end - offset - HEADER) / 4) {
                throw new CorruptException(
                        "EWF table at offset %d: %d entries do not fit its section".formatted(offset, count));
            }
            return new Header(offset, (int) count, base, checksum == Segment.adler(header, 0, 20));
        }
    }

    /// @param dataEnd where the bytes of the last chunk end at the latest
    /// @param footed whether a checksum follows the entries
    TableRun(int id, Segment segment, Header table, long dataEnd, boolean footed, LoadedCache<long[]> tables) {
        this.id = id;
        this.segment = segment;
        this.table = table;
        this.dataEnd = dataEnd;
        this.footed = footed;
        this.tables = tables;
    }

    int count() {
        return table.count;
    }

    boolean intact() {
        return table.intact;
    }

    void copy(Header table2) {
        copy = Optional.of(table2);
    }

    @Override
    public Place place(long index) throws IOException {
        long[] entries = tables.part(id);
        int at = (int) index;
        long entry = entries[at];
        long offset = entry & ~Long.MIN_VALUE;
        long next = at + 1 < entries.length ? entries[at + 1] & ~Long.MIN_VALUE : dataEnd;
        long end = next > offset ? next : dataEnd;
        if (offset >= end || end > segment.bytes().size()) {
            long size = segment.bytes().size();
            if (offset >= size || offset >= end) {
                throw new CorruptException("its table puts it at offset %d of %s, which holds chunks up to offset %d"
                        .formatted(offset, segment.name(), Math.min(dataEnd, size)));
            }
            end = size;
        }
        return new Stored(segment, offset, end - offset, entry < 0 ? Coding.ZLIB : Coding.PLAIN);
    }

    /// The offsets of the chunks, negative (highest bit set) where compressed.
    long[] load() throws IOException {
        Optional<byte[]> entries = entries(table);
        if (entries.isEmpty() && copy.isPresent() && copy.get().count == table.count) {
            entries = entries(copy.get());
        }
        // every chunk has a checksum of its own: a table that is wrong cannot give wrong bytes
        byte[] raw = entries.isPresent()
                ? entries.get()
                : segment.read(table.offset + HEADER, 4L * table.count, "EWF table");
        return offsets(raw);
    }

    private Optional<byte[]> entries(Header header) throws IOException {
        long length = 4L * header.count;
        if (header.offset + HEADER + length + 4 > segment.bytes().size()) {
            return Optional.empty();
        }
        byte[] raw = segment.read(header.offset + HEADER, length, "EWF table");
        if (!footed) {
            return Optional.of(raw);
        }
        byte[] footer = segment.read(header.offset + HEADER + length, 4, "EWF table checksum");
        long checksum = Cursor.littleEndian(MemorySegment.ofArray(footer)).u32("checksum");
        return checksum == Segment.adler(raw, 0, raw.length) ? Optional.of(raw) : Optional.empty();
    }

    private long[] offsets(byte[] raw) {
        Cursor cursor = Cursor.littleEndian(MemorySegment.ofArray(raw));
        long base = table.base >= 0 && table.base < segment.bytes().size() ? table.base : 0;
        long[] offsets = new long[raw.length / 4];
        long before = 0;
        boolean overflown = false;
        for (int i = 0; i < offsets.length; i++) {
            long entry = cursor.u32("chunk offset");
            long offset = entry & ~COMPRESSED;
            // EnCase 6.7.1 lets offsets past 2 GiB run into the highest bit; such chunks are stored plain
            overflown |= offset < before && entry > before;
            before = overflown ? entry : offset;
            offsets[i] = overflown || entry == offset ? base + before : base + offset | Long.MIN_VALUE;
        }
        return offsets;
    }
}
