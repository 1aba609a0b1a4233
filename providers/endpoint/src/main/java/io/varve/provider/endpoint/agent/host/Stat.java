package io.varve.provider.endpoint.agent.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.Optional;

/// Metadata of one directory entry, as `statx` gives it.
///
/// @param mode type and permission bits
/// @param device which file system it is on
/// @param created absent where the file system does not keep it
public record Stat(
        int mode,
        long uid,
        long gid,
        long inode,
        long links,
        long size,
        long device,
        Instant accessed,
        Instant modified,
        Instant changed,
        Optional<Instant> created) {
    private static final int TYPE = 0170000;
    private static final int BIRTH_TIME = 0x800;

    /// The type, as `varve files` names it.
    public String type() {
        return switch (mode & TYPE) {
            case 0100000 -> "file";
            case 0040000 -> "directory";
            case 0120000 -> "link";
            case 0010000 -> "fifo";
            case 0140000 -> "socket";
            case 0060000 -> "block";
            case 0020000 -> "character";
            default -> "unknown";
        };
    }

    public boolean isFile() {
        return (mode & TYPE) == 0100000;
    }

    public boolean isDirectory() {
        return (mode & TYPE) == 0040000;
    }

    public boolean isLink() {
        return (mode & TYPE) == 0120000;
    }

    /// Offsets of `struct statx`, the same on every processor; see statx(2).
    static Stat of(MemorySegment raw) {
        int filled = raw.get(ValueLayout.JAVA_INT, 0);
        return new Stat(
                Short.toUnsignedInt(raw.get(ValueLayout.JAVA_SHORT, 28)),
                Integer.toUnsignedLong(raw.get(ValueLayout.JAVA_INT, 20)),
                Integer.toUnsignedLong(raw.get(ValueLayout.JAVA_INT, 24)),
                raw.get(ValueLayout.JAVA_LONG, 32),
                Integer.toUnsignedLong(raw.get(ValueLayout.JAVA_INT, 16)),
                raw.get(ValueLayout.JAVA_LONG, 40),
                Integer.toUnsignedLong(raw.get(ValueLayout.JAVA_INT, 136)) << 32
                        | Integer.toUnsignedLong(raw.get(ValueLayout.JAVA_INT, 140)),
                time(raw, 64),
                time(raw, 112),
                time(raw, 96),
                (filled & BIRTH_TIME) == 0 ? Optional.empty() : Optional.of(time(raw, 80)));
    }

    private static Instant time(MemorySegment raw, long offset) {
        return Instant.ofEpochSecond(
                raw.get(ValueLayout.JAVA_LONG, offset),
                Integer.toUnsignedLong(raw.get(ValueLayout.JAVA_INT, offset + 8)));
    }
}
