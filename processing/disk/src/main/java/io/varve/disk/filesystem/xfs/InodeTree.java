package io.varve.disk.filesystem.xfs;

import io.varve.binary.CorruptException;
import io.varve.disk.Problems;
import java.io.IOException;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/// The chunks of 64 inodes of an allocation group, as its inode B+tree lists them.
final class InodeTree {
    static final int CHUNK = 64;

    private static final int HEADER = 0x58414749; // XAGI
    private static final int BLOCK_2 = 0x49414254; // IABT
    private static final int BLOCK_3 = 0x49414233; // IAB3, version 5
    private static final int DEEPEST = 12;
    private static final int RECORD = 16;

    /// Told each chunk.
    interface Chunks {
        /// @param first number of its first inode
        /// @param there a bit for each inode that has a place: a sparse chunk lacks some
        /// @param free a bit for each inode not in use
        void found(long first, long there, long free);
    }

    private final Metadata metadata;
    private final long group;
    private final Chunks chunks;
    private final Problems problems;
    private final Set<Long> visited = new HashSet<>();
    private long next;

    InodeTree(Metadata metadata, long group, Chunks chunks, Problems problems) {
        this.metadata = metadata;
        this.group = group;
        this.chunks = chunks;
        this.problems = problems;
    }

    void read() {
        Superblock superblock = metadata.superblock();
        long place = superblock.group(group) + 2L * superblock.sectorSize();
        try {
            Block header = metadata.at(place, superblock.sectorSize(), "inode header of group " + group);
            if (header.i32(0) != HEADER || header.u32(8) != group) {
                throw header.corrupt("no XAGI signature of group %d".formatted(group));
            }
            if (header.u32(24) > DEEPEST) {
                throw header.corrupt("inode tree of %d levels".formatted(header.u32(24)));
            }
            block(header.u32(20), header.i32(24) - 1);
        } catch (CorruptException | IOException e) {
            problems.lost(OptionalLong.of(place), String.valueOf(e.getMessage()));
        }
    }

    private void block(long number, int level) throws IOException {
        if (!visited.add(number)) {
            throw new CorruptException("XFS inode tree of group %d meets block %d twice".formatted(group, number));
        }
        Superblock superblock = metadata.superblock();
        Block block = metadata.block(group << superblock.groupLog() | number, "inode tree");
        int magic = block.i32(0);
        if (magic != BLOCK_2 && magic != BLOCK_3 || block.u16(4) != level) {
            throw block.corrupt("no block of level %d".formatted(level));
        }
        int header = magic == BLOCK_3 ? 56 : 16;
        int size = level == 0 ? RECORD : 8;
        int most = (block.length() - header) / size;
        int count = block.u16(6);
        if (count > most) {
            throw block.corrupt("%d records of %d".formatted(count, most));
        }
        for (int i = 0; i < count; i++) {
            if (level == 0) {
                record(block, header + i * RECORD);
                continue;
            }
            try {
                block(block.u32(header + most * 4 + i * 4), level - 1);
            } catch (CorruptException | IOException e) {
                problems.lost(OptionalLong.of(block.place()), String.valueOf(e.getMessage()));
            }
        }
    }

    private void record(Block block, int at) {
        Superblock superblock = metadata.superblock();
        long start = block.u32(at);
        long first = superblock.firstInode(group) + start;
        if (start < next || !superblock.holds(first) || !superblock.holds(first + CHUNK - 1)) {
            problems.lost(
                    OptionalLong.of(block.place() + at),
                    "XFS inode tree of group %d: no chunk can begin at %d".formatted(group, start));
            return;
        }
        next = start + CHUNK;
        int holes = superblock.sparseInodes() ? block.u16(at + 4) : 0;
        chunks.found(first, there(holes), block.i64(at + 8));
    }

    /// Each bit of the stored mask stands for four inodes.
    private static long there(int holes) {
        long there = 0;
        for (int i = 0; i < 16; i++) {
            there |= (holes >> i & 1) == 0 ? 0xfL << i * 4 : 0;
        }
        return there;
    }
}
