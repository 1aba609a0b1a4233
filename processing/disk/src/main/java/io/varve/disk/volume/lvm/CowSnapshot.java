package io.varve.disk.volume.lvm;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.binary.Limits;
import io.varve.disk.LayerException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.OptionalLong;

/// A snapshot of the old kind: its origin, with the chunks that were changed since taken from its own store.
///
/// Source: Linux `drivers/md/dm-snap-persistent.c`.
final class CowSnapshot implements Bytes {
    /// Most changed chunks; none may have a number of 2^31 or more.
    static final int MOST = 1 << 24;

    private static final long MAGIC = 0x70416e53L;
    private static final int HEADER = 16;
    private static final int ENTRY = 16;
    private static final int SECTOR = 512;
    private static final int LARGEST_CHUNK = 16 << 20;

    private final Bytes origin;
    private final Bytes store;
    private final int chunk;
    private final long size;

    /// Changed chunks, rising: number of the chunk in the upper half, its place in the store in the lower one.
    private final long[] changed;

    private CowSnapshot(Bytes origin, Bytes store, int chunk, long size, Exceptions exceptions) {
        this.origin = origin;
        this.store = store;
        this.chunk = chunk;
        this.size = size;
        this.changed = exceptions.sorted();
    }

    static CowSnapshot open(Bytes origin, Bytes store, long size) throws IOException {
        byte[] header = new byte[HEADER];
        store.read(0, header, 0, HEADER);
        Cursor in = Cursor.littleEndian(MemorySegment.ofArray(header));
        if (in.u32("magic") != MAGIC) {
            throw new CorruptException("the store of an LVM2 snapshot has no header");
        }
        boolean valid = in.u32("valid") != 0;
        long version = in.u32("version");
        long sectors = in.u32("chunk size");
        if (!valid || version != 1) {
            throw new LayerException(
                    LogicalVolumes.LAYER,
                    OptionalLong.of(0),
                    valid
                            ? "the snapshot has version " + version
                            : "the snapshot was dropped because its store was full",
                    "use the origin");
        }
        int chunk = Limits.check(sectors * SECTOR, LARGEST_CHUNK, "chunk size of a snapshot");
        if (chunk < SECTOR || Integer.bitCount(chunk) != 1) {
            throw new CorruptException("an LVM2 snapshot has chunks of %d bytes".formatted(chunk));
        }
        return new CowSnapshot(origin, store, chunk, Math.min(size, origin.size()), exceptions(store, chunk));
    }

    /// Chunks of entries with the chunks they describe behind each; the first entry without a place ends them.
    private static Exceptions exceptions(Bytes store, int chunk) throws IOException {
        var exceptions = new Exceptions();
        int perChunk = chunk / ENTRY;
        long chunks = store.size() / chunk;
        byte[] block = new byte[chunk];
        for (long area = 1; area < chunks; area += perChunk + 1L) {
            store.read(area * chunk, block, 0, chunk);
            Cursor in = Cursor.littleEndian(MemorySegment.ofArray(block));
            for (int i = 0; i < perChunk; i++) {
                long old = in.i64("changed chunk");
                long place = in.i64("its place");
                if (place == 0) {
                    return exceptions;
                }
                if (old < 0 || old > Integer.MAX_VALUE || place < 0 || place >= Math.min(chunks, Integer.MAX_VALUE)) {
                    throw new CorruptException(
                            "an LVM2 snapshot keeps chunk %d at chunk %d of %d".formatted(old, place, chunks));
                }
                exceptions.add(old, place);
            }
        }
        return exceptions;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        int done = 0;
        while (done < length) {
            long place = offset + done;
            int inside = (int) (place % chunk);
            int part = Math.min(length - done, chunk - inside);
            long kept = kept(place / chunk);
            if (kept >= 0) {
                store.read(kept * chunk + inside, target, start + done, part);
            } else {
                origin.read(place, target, start + done, part);
            }
            done += part;
        }
    }

    /// Where the store keeps a chunk; -1 when it was not changed.
    private long kept(long number) {
        if (number > Integer.MAX_VALUE) {
            return -1;
        }
        int found = Arrays.binarySearch(changed, number << 32);
        int at = found >= 0 ? found : -found - 1;
        return at < changed.length && changed[at] >>> 32 == number ? changed[at] & 0xffff_ffffL : -1;
    }

    @Override
    public long zeros(long offset) throws IOException {
        if (offset < 0 || offset >= size) {
            return 0;
        }
        long rest = Math.min(chunk - offset % chunk, size - offset);
        long kept = kept(offset / chunk);
        long known = kept >= 0 ? store.zeros(kept * chunk + offset % chunk) : origin.zeros(offset);
        return Math.min(known, rest);
    }

    /// Pairs of a changed chunk and its place, each pair in one number.
    private static final class Exceptions {
        private long[] pairs = new long[1024];
        private int count;

        void add(long old, long place) {
            Limits.check(count, MOST - 1, "number of changed chunks in a snapshot");
            if (count == pairs.length) {
                pairs = Arrays.copyOf(pairs, pairs.length * 2);
            }
            pairs[count++] = old << 32 | place;
        }

        long[] sorted() {
            long[] sorted = Arrays.copyOf(pairs, count);
            Arrays.sort(sorted);
            return sorted;
        }
    }
}
