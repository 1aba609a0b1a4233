package io.varve.disk.filesystem.xfs;

import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import java.util.Optional;
import java.util.OptionalLong;

/// The fixed part of an inode. Times are kept as stored and turned into [Times] when they are asked for.
///
/// @param device number of a device, the minor one in the lower 18 bits
record Inode(
        long number,
        int mode,
        int version,
        int format,
        long links,
        long uid,
        long gid,
        long accessed,
        long modified,
        long changed,
        long created,
        long size,
        long extents,
        int attributesAt,
        int attributesFormat,
        long attributeExtents,
        int flags,
        long flags2,
        long device) {
    static final int DEVICE = 0;
    static final int LOCAL = 1;
    static final int EXTENTS = 2;
    static final int BTREE = 3;

    private static final int MAGIC = 0x494e; // IN
    private static final int CHECKSUM = 100;
    /// Lengths of the fixed part by version.
    private static final int SECOND = 100;

    private static final int THIRD = 176;
    private static final int REAL_TIME = 1;
    private static final long BIG_TIME = 8;
    private static final long MANY_EXTENTS = 0x10;
    private static final long METADATA = 0x20;
    private static final long BIG_TIME_START = -(1L << 31);
    private static final long NANOS = 1_000_000_000L;

    /// @throws io.varve.binary.CorruptException when no inode of this number lies there
    static Inode of(Block block, long number) {
        if (block.u16(0) != MAGIC) {
            throw block.corrupt("no inode signature for inode %d".formatted(number));
        }
        int version = block.u8(4);
        if (version < 1 || version > 3) {
            throw block.corrupt("inode %d has version %d".formatted(number, version));
        }
        boolean third = version == 3;
        if (third && block.i64(152) != number) {
            throw block.corrupt("inode %d lies where %d belongs".formatted(block.i64(152), number));
        }
        long flags2 = third ? block.i64(120) : 0;
        boolean manyExtents = (flags2 & MANY_EXTENTS) != 0;
        return new Inode(
                number,
                block.u16(2),
                version,
                block.u8(5),
                version == 1 ? block.u16(6) : block.u32(16),
                block.u32(8),
                block.u32(12),
                block.i64(32),
                block.i64(40),
                block.i64(48),
                third ? block.i64(144) : 0,
                block.i64(56),
                manyExtents ? block.i64(24) : block.u32(76),
                block.u8(82),
                block.u8(83),
                manyExtents ? block.u32(76) : block.u16(80),
                block.u16(90),
                flags2,
                block.u8(5) == DEVICE ? block.u32(third ? THIRD : SECOND) : 0);
    }

    static boolean intact(Block block) {
        return block.u8(4) < 3 || block.intact(CHECKSUM);
    }

    /// Free inodes keep their bytes, with a mode of zero.
    boolean free() {
        return mode == 0;
    }

    boolean realTime() {
        return (flags & REAL_TIME) != 0;
    }

    /// Whether it belongs to the file system's own tree of metadata.
    boolean internal() {
        return version == 3 && (flags2 & METADATA) != 0;
    }

    /// Number of a block or character device, as [io.varve.disk.filesystem.Node#device] gives it.
    OptionalLong deviceNumber() {
        boolean isDevice = format == DEVICE && (type() == Type.CHARACTER || type() == Type.BLOCK);
        return isDevice ? OptionalLong.of(device >>> 18 << 32 | device & 0x3_ffff) : OptionalLong.empty();
    }

    Type type() {
        return switch (mode >> 12) {
            case 1 -> Type.FIFO;
            case 2 -> Type.CHARACTER;
            case 4 -> Type.DIRECTORY;
            case 6 -> Type.BLOCK;
            case 8 -> Type.FILE;
            case 10 -> Type.LINK;
            case 12 -> Type.SOCKET;
            default -> Type.UNKNOWN;
        };
    }

    Times times() {
        return new Times(
                Optional.of(time(modified)),
                Optional.of(time(accessed)),
                Optional.of(time(changed)),
                version == 3 ? Optional.of(time(created)) : Optional.empty());
    }

    private EventTime time(long stored) {
        if ((flags2 & BIG_TIME) != 0) {
            long seconds = Long.divideUnsigned(stored, NANOS) + BIG_TIME_START;
            return EventTime.utc(seconds, (int) Long.remainderUnsigned(stored, NANOS), Precision.NANOSECOND);
        }
        int nanos = (int) stored;
        boolean valid = nanos >= 0 && nanos < NANOS;
        return EventTime.utc(stored >> 32, valid ? nanos : 0, valid ? Precision.NANOSECOND : Precision.SECOND);
    }

    /// The data fork: what lies between the fixed part and the attributes.
    Block dataFork(Block block) {
        int start = forks();
        int end = attributesAt == 0 ? block.length() : start + attributesAt * 8;
        if (end > block.length()) {
            throw block.corrupt("attributes of inode %d begin at %d".formatted(number, end));
        }
        return block.part(start, end - start);
    }

    /// The attribute fork; empty when there is none.
    Optional<Block> attributeFork(Block block) {
        if (attributesAt == 0) {
            return Optional.empty();
        }
        int start = forks() + attributesAt * 8;
        if (start > block.length()) {
            throw block.corrupt("attributes of inode %d begin at %d".formatted(number, start));
        }
        return Optional.of(block.part(start, block.length() - start));
    }

    /// All bytes after the fixed part.
    Block literal(Block block) {
        return block.part(forks(), block.length() - forks());
    }

    private int forks() {
        return version == 3 ? THIRD : SECOND;
    }
}
