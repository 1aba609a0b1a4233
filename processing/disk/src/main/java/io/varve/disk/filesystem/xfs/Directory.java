package io.varve.disk.filesystem.xfs;

import io.varve.binary.CorruptException;
import io.varve.disk.Problems;
import java.io.IOException;
import java.util.OptionalLong;

/// The names in a folder, read from its data blocks in order: the hash blocks behind them only repeat where names are,
/// so block, leaf, node and tree folders read alike, and a name that was removed is still there to see.
final class Directory {
    /// Where the hash blocks begin, in bytes of the folder.
    private static final long LEAVES = 1L << 35;

    private static final int MOST_AT_ONCE = 256 << 10;
    private static final int BLOCK_2 = 0x58443242; // XD2B: names and hashes in one block
    private static final int DATA_2 = 0x58443244;
    private static final int BLOCK_3 = 0x58444233; // version 5
    private static final int DATA_3 = 0x58444433;
    private static final int CHECKSUM = 4;

    /// Told each name as it is found.
    interface Names {
        /// @param type as the folder keeps it, 0 when it does not
        /// @param live false for a name that was removed; high bits of its inode may be a guess then
        void found(Block block, int nameAt, int nameLength, long inode, int type, boolean live);
    }

    private final Metadata metadata;
    private final long number;
    private final Names names;
    private final Problems problems;
    private final DirectoryRecord record;

    Directory(Metadata metadata, long number, Names names, Problems problems) {
        this.metadata = metadata;
        this.number = number;
        this.names = names;
        this.problems = problems;
        this.record = new DirectoryRecord(metadata.superblock(), number, names);
    }

    /// @param block the folder's inode
    void read(Inode inode, Block block) throws IOException {
        Block fork = inode.dataFork(block);
        if (inode.format() == Inode.LOCAL) {
            new ShortDirectory(metadata.superblock(), names).read(inode, fork);
            return;
        }
        ExtentList extents = ExtentTree.read(metadata, fork, inode.format(), inode.extents());
        long blocks = 0;
        for (int i = 0; i < extents.size(); i++) {
            long end = Math.min(extents.end(i), LEAVES / metadata.superblock().blockSize());
            blocks = Math.max(blocks, extents.offset(i) < end ? end : 0);
        }
        int unit = metadata.superblock().folderBlockSize();
        long size = blocks * metadata.superblock().blockSize() / unit * unit;
        if (size > metadata.volume().size()) {
            problems.lost(
                    OptionalLong.of(block.place()),
                    "XFS folder %d of %d bytes is larger than its volume".formatted(number, size));
            size = metadata.volume().size() / unit * unit;
        }
        blocks(new FileContent(metadata, number, extents, size), unit);
    }

    /// The folder it lies in, as `..` says; empty when that cannot be read.
    OptionalLong parent(Inode inode, Block block) {
        try {
            Block fork = inode.dataFork(block);
            long parent = inode.format() == Inode.LOCAL
                    ? ShortDirectory.parent(fork)
                    : dots(ExtentTree.read(metadata, fork, inode.format(), inode.extents()));
            return metadata.superblock().holds(parent) ? OptionalLong.of(parent) : OptionalLong.empty();
        } catch (CorruptException | IOException e) {
            return OptionalLong.empty();
        }
    }

    /// `..` is always the second entry of the first block.
    private long dots(ExtentList extents) throws IOException {
        int unit = metadata.superblock().folderBlockSize();
        byte[] start = new byte[128];
        new FileContent(metadata, number, extents, unit).read(0, start, 0, start.length);
        Block first = new Block("folder " + number, 0, start, 0, start.length);
        int at = metadata.superblock().version() < 5 ? 32 : 80;
        return first.u8(at + 8) == 2 && first.u16(at + 9) == 0x2e2e ? first.i64(at) : -1;
    }

    private void blocks(FileContent content, int unit) throws IOException {
        byte[] buffer = new byte[(int) Math.min(content.size(), MOST_AT_ONCE)];
        long at = 0;
        while (at < content.size()) {
            long hole = content.zeros(at) / unit * unit;
            if (hole > 0) {
                at += hole;
                continue;
            }
            int length = (int) Math.min(buffer.length, content.size() - at);
            if (!whole(content, at, buffer, length)) {
                length = unit;
                if (!one(content, at, buffer, unit)) {
                    at += unit;
                    continue;
                }
            }
            for (int i = 0; i < length; i += unit) {
                block(new Block("folder " + number, at + i, buffer, i, unit));
            }
            at += length;
        }
    }

    private static boolean whole(FileContent content, long at, byte[] buffer, int length) {
        try {
            content.read(at, buffer, 0, length);
            return true;
        } catch (CorruptException | IOException e) {
            return false;
        }
    }

    /// Some block of a larger read cannot be had; this one may.
    private boolean one(FileContent content, long at, byte[] buffer, int unit) {
        try {
            content.read(at, buffer, 0, unit);
            return true;
        } catch (CorruptException | IOException e) {
            problems.lost(
                    OptionalLong.empty(), "XFS folder %d: its block at %d: %s".formatted(number, at, e.getMessage()));
            return false;
        }
    }

    private void block(Block block) {
        int magic = block.i32(0);
        boolean third = magic == BLOCK_3 || magic == DATA_3;
        if (!third && magic != BLOCK_2 && magic != DATA_2) {
            if (magic != 0 || block.i64(8) != 0) {
                lost(block, "has no signature of a folder's block; what looks like names in it is kept");
                entries(block, metadata.superblock().version() < 5 ? 16 : 64, block.length(), true);
            }
            return;
        }
        if (third && !block.intact(CHECKSUM)) {
            problems.noted("XFS folder %d: checksum of its block at %d is wrong".formatted(number, block.place()));
        }
        int end = block.length();
        if (magic == BLOCK_2 || magic == BLOCK_3) {
            long hashes = block.u32(end - 8);
            if (hashes > (end - 8) / 8) {
                lost(block, "has %d hashes".formatted(hashes));
                hashes = 0;
            }
            end -= 8 + (int) hashes * 8;
        }
        entries(block, third ? 64 : 16, end, false);
    }

    /// Every entry and every free run ends in its own place in the block, so after damage the next one can be found.
    private void entries(Block block, int start, int end, boolean known) {
        boolean damaged = known;
        int at = start;
        while (at < end) {
            int length = damaged ? record.readDamaged(block, at, end) : record.read(block, at, end);
            if (length > 0) {
                at += length;
                continue;
            }
            if (!damaged) {
                lost(block, "is damaged at +%d".formatted(at));
            }
            damaged = true;
            at += 8;
        }
    }

    private void lost(Block block, String what) {
        problems.lost(OptionalLong.empty(), "XFS folder %d: its block at %d %s".formatted(number, block.place(), what));
    }
}
