package io.varve.disk.volume.shadow;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// A bitmap of the blocks that were in no use when a copy was made: their content then is undefined, and shown as
/// zeros as libvshadow does.
final class FreeBlocks {
    /// Longest bitmap kept, for volumes of 8 TiB; what lies behind counts as used.
    private static final int LONGEST = 64 << 20;

    static final FreeBlocks NONE = new FreeBlocks(new byte[0]);

    private final byte[] bits;

    private FreeBlocks(byte[] bits) {
        this.bits = bits;
    }

    /// As much as can be read.
    static FreeBlocks read(Bytes volume, long first) throws IOException {
        long needed = Math.min(LONGEST, volume.size() / StoreBlock.SIZE / 8 + 1);
        byte[] bits = new byte[(int) Math.min(needed, StoreBlock.SIZE)];
        int length = 0;
        var chain = new StoreBlock.Chain(volume, first, StoreBlock.BITMAP);
        try {
            for (StoreBlock block = chain.next(); block != null && length < needed; block = chain.next()) {
                byte[] part = block.content().toArray(ValueLayout.JAVA_BYTE);
                int count = (int) Math.min(part.length, needed - length);
                if (length + count > bits.length) {
                    bits = Arrays.copyOf(bits, (int) Math.min(needed, 2L * (length + count)));
                }
                System.arraycopy(part, 0, bits, length, count);
                length += count;
            }
        } catch (CorruptException e) {
            // blocks without a bit are shown as the volume holds them now, which is as good as zeros
        }
        return new FreeBlocks(Arrays.copyOf(bits, length));
    }

    boolean holds(long block) {
        return block / 8 < bits.length && (bits[(int) (block / 8)] >> (int) (block % 8) & 1) != 0;
    }
}
