package io.varve.disk.filesystem.btrfs;

import io.varve.binary.Limits;
import java.util.List;
import java.util.stream.IntStream;

/// A run of logical addresses and where its bytes lie: on one device, or in stripes on several.
///
/// @param start first logical address
record Chunk(long start, long length, long stripeLength, long profile, int subStripes, List<Stripe> stripes) {
    private static final long RAID0 = 0x8;
    private static final long RAID10 = 0x40;
    private static final long RAID5 = 0x80;
    private static final long RAID6 = 0x100;
    private static final int HEADER = 48;
    private static final int STRIPE = 32;

    /// @param device its number among those of the file system
    record Stripe(long device, long offset, byte[] deviceId) {}

    /// A place for the bytes from an address on.
    ///
    /// @param length how many lie there in one piece
    record Place(Stripe stripe, long offset, long length) {}

    static Chunk of(long start, Block item) {
        int count = Limits.check(item.u16(44), (item.length() - HEADER) / STRIPE, "btrfs stripes of a chunk");
        List<Stripe> stripes = IntStream.range(0, count)
                .map(i -> HEADER + i * STRIPE)
                .mapToObj(at -> new Stripe(item.i64(at), item.i64(at + 8), item.copy(at + 16, 16)))
                .toList();
        var chunk = new Chunk(start, item.i64(0), item.i64(16), item.i64(24), item.u16(46), stripes);
        boolean sized = start >= 0 && chunk.length > 0 && chunk.length <= Long.MAX_VALUE - start;
        boolean striped = chunk.stripeLength > 0 && chunk.stripeLength <= 1 << 30;
        if (count == 0 || !sized || !striped || chunk.width() < 1) {
            throw item.corrupt("chunk at %d of %d bytes in %d stripes of %d"
                    .formatted(start, chunk.length, count, chunk.stripeLength));
        }
        return chunk;
    }

    /// Length of the item of a chunk with its stripes.
    static int itemLength(Block item) {
        return HEADER + item.u16(44) * STRIPE;
    }

    boolean holds(long address) {
        return address >= start && address - start < length;
    }

    /// How many copies there are.
    int copies() {
        if (has(RAID0) || has(RAID5 | RAID6)) {
            return 1;
        }
        return has(RAID10) ? Math.max(1, subStripes) : stripes.size();
    }

    /// Where a copy of an address lies.
    Place place(long address, int copy) {
        long inside = address - start;
        if (!has(RAID0 | RAID10 | RAID5 | RAID6)) {
            Stripe stripe = stripes.get(Math.min(copy, stripes.size() - 1));
            return new Place(stripe, stripe.offset + inside, length - inside);
        }
        long number = inside / stripeLength;
        long row = number / width();
        int column = (int) (number % width());
        if (has(RAID10)) {
            column = column * copies() + Math.min(copy, copies() - 1);
        } else if (has(RAID5 | RAID6)) {
            column = (int) ((column + row) % stripes.size());
        }
        Stripe stripe = stripes.get(column);
        long within = inside % stripeLength;
        return new Place(
                stripe, stripe.offset + row * stripeLength + within, Math.min(stripeLength - within, length - inside));
    }

    /// Stripes with different data in a row.
    private int width() {
        int parity = has(RAID6) ? 2 : has(RAID5) ? 1 : 0;
        return (stripes.size() - parity) / (has(RAID10) ? Math.max(1, subStripes) : 1);
    }

    private boolean has(long bits) {
        return (profile & bits) != 0;
    }
}
