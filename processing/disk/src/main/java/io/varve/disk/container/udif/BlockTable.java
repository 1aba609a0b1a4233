package io.varve.disk.container.udif;

import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.binary.Limits;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Which runs of sectors are stored where, in the order of the disk.
///
/// @param chunks none overlaps another
record BlockTable(Chunk[] chunks, long[] starts) {
    static final long MOST_SECTORS = Long.MAX_VALUE / 2 / Udif.SECTOR;

    private static final int SIGNATURE = 0x6d69_7368;
    private static final int HEADER = 204;
    private static final int ENTRY = 40;
    private static final int COMMENT = 0x7fff_fffe;
    private static final int END = -1;

    /// @param start first sector
    /// @param offset of its bytes in the data fork
    record Chunk(Kind kind, long start, long sectors, long offset, long length) {
        long end() {
            return start + sectors;
        }
    }

    enum Kind {
        ZERO(0),
        RAW(1),
        IGNORED(2),
        ADC(0x8000_0004),
        ZLIB(0x8000_0005),
        BZIP2(0x8000_0006),
        LZFSE(0x8000_0007),
        LZMA(0x8000_0008),
        UNKNOWN(COMMENT);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        static Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            return UNKNOWN;
        }

        boolean isStored() {
            return this != ZERO && this != IGNORED;
        }
    }

    /// One stored run.
    static BlockTable plain(long sectors) {
        return of(List.of(new Chunk(Kind.RAW, 0, sectors, 0, sectors * Udif.SECTOR)), 1);
    }

    static BlockTable of(List<byte[]> tables) {
        List<Chunk> chunks = new ArrayList<>();
        for (byte[] table : tables) {
            read(table, chunks);
        }
        return of(chunks, chunks.size());
    }

    private static BlockTable of(List<Chunk> chunks, int count) {
        Chunk[] sorted = chunks.toArray(new Chunk[count]);
        Arrays.sort(sorted, Comparator.comparingLong(Chunk::start));
        long[] starts = new long[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            starts[i] = sorted[i].start;
            if (i > 0 && sorted[i - 1].end() > sorted[i].start) {
                throw new CorruptException("DMG: two blocks hold sector %d".formatted(sorted[i].start));
            }
        }
        return new BlockTable(sorted, starts);
    }

    private static void read(byte[] table, List<Chunk> chunks) {
        Cursor header = Cursor.bigEndian(MemorySegment.ofArray(table));
        if (header.i32("blkx signature") != SIGNATURE) {
            throw new CorruptException("DMG: a table of blocks does not begin with mish");
        }
        header.skip(4, "version");
        long first = sector(header.i64("first sector"));
        header.skip(8, "sector count");
        long data = header.i64("data offset");
        Cursor cursor = header.at(HEADER - 4);
        int count = Limits.check(cursor.u32("number of blocks"), (table.length - HEADER) / ENTRY, "DMG block count");
        for (int i = 0; i < count; i++) {
            int code = cursor.i32("block type");
            cursor.skip(4, "comment");
            long start = sector(cursor.i64("first sector of block"));
            long sectors = sector(cursor.i64("sectors of block"));
            long offset = cursor.i64("block offset");
            long length = cursor.i64("block length");
            if (code == END) {
                break;
            }
            if (code == COMMENT || sectors == 0) {
                continue;
            }
            Kind kind = Kind.of(code);
            if (kind.isStored() && (offset < 0 || length < 0 || data < 0 || offset > Long.MAX_VALUE - data)) {
                throw new CorruptException(
                        "DMG: block of sector %d lies at %d, %d bytes".formatted(start, offset, length));
            }
            chunks.add(new Chunk(kind, sector(first + start), sectors, data + offset, length));
            sector(first + start + sectors);
        }
    }

    private static long sector(long value) {
        if (value < 0 || value > MOST_SECTORS) {
            throw new CorruptException("DMG: sector %d".formatted(value));
        }
        return value;
    }

    /// The sector after the last.
    long end() {
        return chunks.length == 0 ? 0 : chunks[chunks.length - 1].end();
    }

    /// Index of the chunk that holds the sector; empty when none does.
    Optional<Integer> find(long sector) {
        int before = before(sector);
        return before >= 0 && chunks[before].end() > sector ? Optional.of(before) : Optional.empty();
    }

    /// The first sector after this one that a chunk begins with, or the most there are.
    long next(long sector) {
        int after = before(sector) + 1;
        return after < starts.length ? starts[after] : MOST_SECTORS;
    }

    private int before(long sector) {
        int found = Arrays.binarySearch(starts, sector);
        return found < 0 ? -found - 2 : found;
    }
}
