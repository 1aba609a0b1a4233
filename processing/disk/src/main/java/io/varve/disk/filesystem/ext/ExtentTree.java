package io.varve.disk.filesystem.ext;

import static io.varve.disk.LittleEndian.u16;
import static io.varve.disk.LittleEndian.u32;

import io.varve.binary.CorruptException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The extents of a file in ext4. Unwritten extents read as zeros.
///
/// Source: <https://docs.kernel.org/filesystems/ext4/ifork.html>.
final class ExtentTree implements BlockMap {
    private static final int MAGIC = 0xf30a;
    private static final int DEEPEST = 5;
    private static final int WRITTEN = 32_768;
    private static final long END = 1L << 32;

    private final Blocks blocks;
    private final long inode;
    private final Level root;
    /// The level read last at each depth; a race costs one more read.
    private final @Nullable Level[] recent = new @Nullable Level[DEEPEST];

    /// @param data the 60 bytes of `i_block`
    ExtentTree(Blocks blocks, long inode, byte[] data) {
        this.blocks = blocks;
        this.inode = inode;
        this.root = new Level(-1, data, u16(data, 6), inode);
    }

    @Override
    public Run find(long block) throws IOException {
        Level level = root;
        long end = END;
        while (level.depth > 0) {
            int entry = level.search(block);
            end = Math.min(end, level.first(entry + 1));
            if (entry < 0) {
                return Run.hole(block, end - block);
            }
            level = child(level.child(entry), level.depth - 1);
        }
        int entry = level.search(block);
        end = Math.min(end, level.first(entry + 1));
        if (entry < 0) {
            return Run.hole(block, end - block);
        }
        long first = level.first(entry);
        int length = level.length(entry);
        boolean written = length <= WRITTEN;
        long count = Math.min(written ? length : length - WRITTEN, end - first);
        if (block - first >= count) {
            return Run.hole(block, end - block);
        }
        return written ? new Run(first, count, level.start(entry)) : Run.hole(block, first + count - block);
    }

    private Level child(long block, int depth) throws IOException {
        Level known = recent[depth];
        if (known != null && known.block == block) {
            return known;
        }
        String what = "extent tree of inode %d".formatted(inode);
        Level level = new Level(block, blocks.read(block, what), depth, inode);
        recent[depth] = level;
        return level;
    }

    /// One node of the tree: a header and entries of 12 bytes.
    private static final class Level {
        final long block;
        final int depth;
        private final byte[] data;
        private final int count;

        Level(long block, byte[] data, int depth, long inode) {
            this.block = block;
            this.data = data;
            this.depth = depth;
            this.count = u16(data, 2);
            if (u16(data, 0) != MAGIC || u16(data, 6) != depth || depth > DEEPEST || count > data.length / 12 - 1) {
                throw new CorruptException(
                        "extent tree of inode %d, block %d: magic %04x, depth %d (expected %d), %d entries"
                                .formatted(inode, block, u16(data, 0), u16(data, 6), depth, count));
            }
        }

        /// The last entry that starts at or before a block; -1 when there is none.
        int search(long wanted) {
            int low = 0;
            int high = count;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (first(middle) <= wanted) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low - 1;
        }

        long first(int entry) {
            return entry < count ? u32(data, 12 + 12 * entry) : END;
        }

        int length(int entry) {
            return u16(data, 16 + 12 * entry);
        }

        long start(int entry) {
            return u32(data, 20 + 12 * entry) | (long) u16(data, 18 + 12 * entry) << 32;
        }

        long child(int entry) {
            return u32(data, 16 + 12 * entry) | (long) u16(data, 20 + 12 * entry) << 32;
        }
    }
}
