package io.varve.disk.filesystem.ext;

import static io.varve.disk.LittleEndian.i32;
import static io.varve.disk.LittleEndian.u16;
import static io.varve.disk.LittleEndian.u32;

import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import java.util.Optional;

/// The metadata of a file. Times are kept as stored and made when they are asked for: the seconds below, the extra bits
/// (epoch and nanoseconds) above.
///
/// Source: <https://docs.kernel.org/filesystems/ext4/inodes.html>.
///
/// @param extra how many bytes of the inode past the first 128 are in use
/// @param deleted seconds of the deletion; in an inode on the orphan list the next of the list
record Inode(
        int mode,
        int flags,
        long uid,
        long gid,
        int links,
        long size,
        int extra,
        long accessed,
        long changed,
        long modified,
        long created,
        long deleted) {
    /// What a name without a readable inode shows.
    static final Inode UNKNOWN = new Inode(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    static final int INDEXED = 0x1000;
    static final int ENCRYPTED = 0x800;
    static final int EXTENTS = 0x8_0000;
    static final int ATTRIBUTE_VALUE = 0x20_0000;
    static final int INLINE = 0x1000_0000;
    static final int CASEFOLDED = 0x4000_0000;

    private static final int EPOCH_BITS = 3;
    private static final int MOST_NANOS = 999_999_999;

    static Inode parse(byte[] raw, int at, SuperBlock superBlock) {
        int inodeSize = superBlock.inodeSize();
        int mode = u16(raw, at);
        int extra = inodeSize > 128 ? Math.min(u16(raw, at + 128), inodeSize - 128) : 0;
        long size = u32(raw, at + 4);
        if (mode >>> 12 == 8 || superBlock.has(SuperBlock.LARGE_DIRECTORIES)) {
            size |= u32(raw, at + 108) << 32;
        }
        return new Inode(
                mode,
                i32(raw, at + 32),
                u16(raw, at + 2) | (long) u16(raw, at + 120) << 16,
                u16(raw, at + 24) | (long) u16(raw, at + 122) << 16,
                u16(raw, at + 26),
                size,
                extra,
                time(raw, at + 8, extra >= 16, at + 140),
                time(raw, at + 12, extra >= 8, at + 132),
                time(raw, at + 16, extra >= 12, at + 136),
                extra >= 20 ? time(raw, at + 144, extra >= 24, at + 148) : 0,
                u32(raw, at + 20));
    }

    private static long time(byte[] raw, int at, boolean hasExtra, int extraAt) {
        return u32(raw, at) | (hasExtra ? u32(raw, extraAt) << 32 : 0);
    }

    Type type() {
        return switch (mode >>> 12) {
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

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /// Whether it was ever in use; an inode that never was has no time of change.
    boolean wasUsed() {
        return (int) changed != 0;
    }

    /// Those that are set. The format has no "not set" but zero in all of them.
    Times times() {
        if (!wasUsed() && modified == 0 && accessed == 0) {
            return Times.NONE;
        }
        Optional<EventTime> first = Optional.of(time(modified, extra >= 12));
        return new Times(
                first,
                same(first, accessed, extra >= 16),
                same(first, changed, extra >= 8),
                created == 0 ? Optional.empty() : same(first, created, extra >= 24));
    }

    /// Most files have one time in several places.
    private Optional<EventTime> same(Optional<EventTime> first, long stored, boolean fine) {
        return stored == modified && fine == extra >= 12 ? first : Optional.of(time(stored, fine));
    }

    /// When it was deleted; to be asked only of an inode that is not in use.
    Optional<EventTime> deletedAt() {
        return deleted == 0 ? Optional.empty() : Optional.of(EventTime.utc(deleted, 0, Precision.SECOND));
    }

    private static EventTime time(long stored, boolean fine) {
        int high = (int) (stored >>> 32);
        int nanos = high >>> 2;
        long seconds = (int) stored + ((long) (high & EPOCH_BITS) << 32);
        if (!fine || nanos > MOST_NANOS) {
            return EventTime.utc(seconds, 0, Precision.SECOND);
        }
        return EventTime.utc(seconds, nanos, Precision.NANOSECOND);
    }
}
