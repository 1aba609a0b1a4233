package io.varve.disk.volume.shadow;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.LayerException;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What one shadow copy keeps: for each block that changed afterwards, where its old content lies. Read with the first
/// use; memory is bounded by [#BLOCKS].
///
/// @see ShadowCopies for the source of the format
final class Store {
    /// Most descriptors of one store: 64 GiB of changed blocks.
    static final int BLOCKS = 4 << 20;

    private static final int FORWARDER = 1;
    private static final int OVERLAY = 2;
    private static final int UNUSED = 4;
    private static final int BASE = 8;
    private static final int DESCRIPTOR = 32;

    private final Bytes volume;
    private final long list;
    private final LongMap rows = new LongMap();
    private final LongMap reverse = new LongMap();
    private long[] bases = new long[64];
    private long[] overlays = new long[64];
    private int[] bits = new int[64];
    private byte[] kinds = new byte[64];
    private int count;
    private boolean read;
    private @Nullable CorruptException broken;
    private @Nullable LayerException tooLarge;

    /// @param list offset of the list of block descriptors
    Store(Bytes volume, long list) {
        this.volume = volume;
        this.list = list;
    }

    /// Reads the list once; once failed, it fails for good.
    synchronized void prepare() throws IOException {
        if (broken != null) {
            throw broken;
        }
        if (tooLarge != null) {
            throw tooLarge;
        }
        if (read) {
            return;
        }
        try {
            descriptors();
            read = true;
        } catch (CorruptException e) {
            broken = e;
            throw e;
        } catch (LayerException e) {
            tooLarge = e;
            throw e;
        }
    }

    private void descriptors() throws IOException {
        var chain = new StoreBlock.Chain(volume, list, StoreBlock.DESCRIPTORS);
        long total = 0;
        for (StoreBlock block = chain.next(); block != null; block = chain.next()) {
            Cursor cursor = Cursor.littleEndian(block.content());
            while (cursor.remaining() >= DESCRIPTOR) {
                long original = cursor.i64("original offset");
                long relative = cursor.i64("relative offset");
                long offset = cursor.i64("store offset");
                int flags = cursor.i32("flags");
                int bitmap = cursor.i32("bitmap");
                boolean empty = original == 0 && relative == 0 && offset == 0;
                if ((flags & UNUSED) == 0 && !empty) {
                    if (++total > BLOCKS) {
                        throw new LayerException(
                                "VSS",
                                OptionalLong.of(block.place()),
                                "limit: a shadow copy keeps more than %d blocks".formatted(BLOCKS),
                                "read this copy with another tool");
                    }
                    if (original < 0 || relative < 0 || offset < 0 || original % StoreBlock.SIZE != 0) {
                        throw new CorruptException("VSS block descriptor at offset %d is about offset %d"
                                .formatted(block.place(), original));
                    }
                    add(original, relative, offset, flags, bitmap);
                }
            }
        }
    }

    /// In the order of the list, later ones change what earlier ones said.
    private void add(long original, long relative, long offset, int flags, int bitmap) {
        long block = original / StoreBlock.SIZE;
        boolean overlay = (flags & OVERLAY) != 0;
        boolean forwarder = (flags & FORWARDER) != 0;
        if (!overlay) {
            long first = reverse.get(block);
            if (first != LongMap.ABSENT) {
                reverse.remove(block);
                block = first;
            }
        }
        if (forwarder && block * StoreBlock.SIZE == relative) {
            return;
        }
        long known = rows.get(block);
        int row = known == LongMap.ABSENT ? row(block) : (int) known;
        if (overlay) {
            if ((kinds[row] & OVERLAY) == 0) {
                overlays[row] = offset;
            }
            bits[row] |= bitmap;
            kinds[row] |= OVERLAY;
        } else {
            bases[row] = forwarder ? relative : offset;
            kinds[row] = (byte) (kinds[row] & OVERLAY | BASE | (forwarder ? FORWARDER : 0));
        }
        if (forwarder) {
            reverse.put(relative / StoreBlock.SIZE, block);
        }
    }

    private int row(long block) {
        if (count == bases.length) {
            bases = Arrays.copyOf(bases, count * 2);
            overlays = Arrays.copyOf(overlays, count * 2);
            bits = Arrays.copyOf(bits, count * 2);
            kinds = Arrays.copyOf(kinds, count * 2);
        }
        rows.put(block, count);
        return count++;
    }

    /// The row of a block, or -1.
    int find(long block) {
        return (int) rows.get(block);
    }

    /// Which sectors of the block the overlay holds; the first in the lowest bit.
    int bits(int row) {
        return bits[row];
    }

    long overlay(int row) {
        return overlays[row];
    }

    boolean hasBase(int row) {
        return (kinds[row] & BASE) != 0;
    }

    /// Whether the block is another one of the next store.
    boolean forwards(int row) {
        return (kinds[row] & FORWARDER) != 0;
    }

    long base(int row) {
        return bases[row];
    }

    /// Whether a forwarder points here.
    boolean isReverse(long block) {
        return reverse.get(block) != LongMap.ABSENT;
    }
}
