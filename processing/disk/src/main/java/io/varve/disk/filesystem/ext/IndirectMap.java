package io.varve.disk.filesystem.ext;

import static io.varve.disk.LittleEndian.u32;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The block map of ext2 and ext3: 12 blocks, then blocks of block numbers, up to three levels of them.
///
/// Source: <https://docs.kernel.org/filesystems/ext4/ifork.html#direct-indirect-block-addressing>.
final class IndirectMap implements BlockMap {
    private static final int DIRECT = 12;
    private static final int LEVELS = 3;

    private final Blocks blocks;
    private final long inode;
    private final byte[] data;
    private final int perBlock;
    /// The table read last at each level; a race costs one more read.
    private final @Nullable Table[] recent = new @Nullable Table[LEVELS];

    /// @param data the 60 bytes of `i_block`
    IndirectMap(Blocks blocks, long inode, byte[] data) {
        this.blocks = blocks;
        this.inode = inode;
        this.data = data;
        this.perBlock = blocks.size() / 4;
    }

    @Override
    public Run find(long block) throws IOException {
        if (block < DIRECT) {
            return run(data, DIRECT, (int) block, block);
        }
        long rest = block - DIRECT;
        long span = perBlock;
        for (int level = 0; level < LEVELS; level++) {
            if (rest < span) {
                return indirect(u32(data, 4 * (DIRECT + level)), level, span, rest, block);
            }
            rest -= span;
            span *= perBlock;
        }
        return Run.hole(block, Long.MAX_VALUE - block);
    }

    /// @param top table that covers `span` blocks of the file
    /// @param rest the block wanted, counted from the first that `top` covers
    private Run indirect(long top, int level, long span, long rest, long block) throws IOException {
        long pointer = top;
        long covered = span;
        long within = rest;
        for (int below = level; pointer != 0; below--) {
            byte[] table = table(pointer, below);
            covered /= perBlock;
            int entry = (int) (within / covered);
            if (below == 0) {
                return run(table, perBlock, entry, block);
            }
            within %= covered;
            pointer = u32(table, 4 * entry);
        }
        return Run.hole(block, covered - within);
    }

    /// The run of following numbers, or of zeros, that starts at an entry.
    private static Run run(byte[] table, int entries, int entry, long block) {
        long physical = u32(table, 4 * entry);
        int count = 1;
        while (entry + count < entries && u32(table, 4 * (entry + count)) == (physical == 0 ? 0 : physical + count)) {
            count++;
        }
        return physical == 0 ? Run.hole(block, count) : new Run(block, count, physical);
    }

    private byte[] table(long block, int level) throws IOException {
        Table known = recent[level];
        if (known != null && known.block == block) {
            return known.data;
        }
        String what = "block map of inode %d".formatted(inode);
        var table = new Table(block, blocks.read(block, what));
        recent[level] = table;
        return table.data;
    }

    private static final class Table {
        final long block;
        final byte[] data;

        Table(long block, byte[] data) {
            this.block = block;
            this.data = data;
        }
    }
}
