package io.varve.disk.container.vhdx;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.container.Layout;
import io.varve.disk.container.Pages;
import io.varve.disk.container.Run;
import java.io.IOException;

/// Where the blocks of a disk lie. After the entries of each chunk of blocks follows the entry of the bitmap that says
/// which sectors of its partly present blocks are here and which in the parent.
///
/// @param chunk blocks in a chunk
record BlockTable(Bytes file, Pages tables, long start, Metadata metadata, long chunk) implements Layout {
    private static final long SECTORS_IN_CHUNK = 1 << 23;
    private static final long OFFSET = ~0xf_ffffL;

    private static final int NOT_PRESENT = 0;
    private static final int UNDEFINED = 1;
    private static final int ZERO = 2;
    private static final int UNMAPPED = 3;
    private static final int UNMAPPED_IN_DRAFT = 5;
    private static final int PRESENT = 6;
    private static final int PARTLY_PRESENT = 7;

    static BlockTable of(Bytes file, Regions regions, Metadata metadata) {
        long chunk = SECTORS_IN_CHUNK * metadata.sector() / metadata.blockSize();
        long blocks = (metadata.size() + metadata.blockSize() - 1) / metadata.blockSize();
        long entries = blocks + (metadata.hasParent() ? (blocks + chunk - 1) / chunk : Math.max(0, blocks - 1) / chunk);
        Regions.Region region = regions.blocks();
        if (region.length() < entries * Long.BYTES) {
            throw new CorruptException("VHDX block allocation table has %d bytes, its %d entries need %d"
                    .formatted(region.length(), entries, entries * Long.BYTES));
        }
        file.check(region.offset(), entries * Long.BYTES, "VHDX block allocation table");
        return new BlockTable(file, Pages.littleEndian(file), region.offset(), metadata, chunk);
    }

    @Override
    public Run at(long offset) throws IOException {
        long block = offset / metadata.blockSize();
        long within = offset % metadata.blockSize();
        long left = metadata.blockSize() - within;
        long entry = entry(block + block / chunk);
        long data = position(entry) + within;
        return switch ((int) (entry & 7)) {
            case NOT_PRESENT -> new Run.Below(left);
            case UNDEFINED, ZERO, UNMAPPED, UNMAPPED_IN_DRAFT -> new Run.Zeros(left);
            case PRESENT -> new Run.Stored(file, data, left);
            case PARTLY_PRESENT -> partly(block, within, data);
            default -> throw new CorruptException("VHDX block %d has the state %d".formatted(block, entry & 7));
        };
    }

    private Run partly(long block, long within, long data) throws IOException {
        if (!metadata.hasParent()) {
            throw new CorruptException("VHDX block %d is partly present, but the disk has no parent".formatted(block));
        }
        long entry = entry((block / chunk + 1) * (chunk + 1) - 1);
        if ((entry & 7) != PRESENT) {
            throw new CorruptException("VHDX bitmap of block %d is not present".formatted(block));
        }
        long bitmap = position(entry);
        long sectors = metadata.blockSize() / metadata.sector();
        long first = block % chunk * sectors;
        long start = within / metadata.sector();
        boolean here = isHere(bitmap, first + start);
        long end = start + 1;
        while (end < sectors && isHere(bitmap, first + end) == here) {
            end++;
        }
        long length = end * metadata.sector() - within;
        return here ? new Run.Stored(file, data, length) : new Run.Below(length);
    }

    private boolean isHere(long bitmap, long sector) throws IOException {
        return (tables.u8(bitmap + sector / 8, "VHDX sector bitmap") >> sector % 8 & 1) != 0;
    }

    private long entry(long index) throws IOException {
        return tables.i64(start + index * Long.BYTES, "VHDX block allocation table entry");
    }

    private static long position(long entry) {
        long position = entry & OFFSET;
        // past every file: left to the check of the read
        return position < 0 ? Long.MAX_VALUE >>> 1 : position;
    }
}
