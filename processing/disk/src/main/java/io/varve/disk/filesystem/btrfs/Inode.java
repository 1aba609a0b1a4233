package io.varve.disk.filesystem.btrfs;

import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import java.util.Optional;
import java.util.OptionalLong;

/// The metadata of a file, with its times as stored.
///
/// @param device number of a device, the minor one in the lower 20 bits
record Inode(
        long size,
        long links,
        long uid,
        long gid,
        int mode,
        long accessed,
        int accessedNanos,
        long changed,
        int changedNanos,
        long modified,
        int modifiedNanos,
        long created,
        int createdNanos,
        long device) {
    private static final int TIMES = 112;

    static Inode of(Block item) {
        return new Inode(
                item.i64(16),
                item.u32(40),
                item.u32(44),
                item.u32(48),
                item.i32(52),
                item.i64(TIMES),
                item.i32(TIMES + 8),
                item.i64(TIMES + 12),
                item.i32(TIMES + 20),
                item.i64(TIMES + 24),
                item.i32(TIMES + 32),
                item.i64(TIMES + 36),
                item.i32(TIMES + 44),
                item.i64(56));
    }

    /// Number of a block or character device, as [io.varve.disk.filesystem.Node#device] gives it.
    OptionalLong deviceNumber() {
        boolean isDevice = type() == Type.CHARACTER || type() == Type.BLOCK;
        return isDevice ? OptionalLong.of(device >>> 20 << 32 | device & 0xf_ffff) : OptionalLong.empty();
    }

    Type type() {
        return switch (mode >> 12 & 0xf) {
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
                Optional.of(time(modified, modifiedNanos)),
                Optional.of(time(accessed, accessedNanos)),
                Optional.of(time(changed, changedNanos)),
                created == 0 && createdNanos == 0 ? Optional.empty() : Optional.of(time(created, createdNanos)));
    }

    private static EventTime time(long seconds, int nanos) {
        boolean valid = nanos >= 0 && nanos < 1_000_000_000;
        return EventTime.utc(seconds, valid ? nanos : 0, valid ? Precision.NANOSECOND : Precision.SECOND);
    }
}
