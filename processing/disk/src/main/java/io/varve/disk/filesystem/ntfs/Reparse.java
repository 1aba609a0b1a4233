package io.varve.disk.filesystem.ntfs;

import io.varve.disk.Entry.Type;
import io.varve.disk.LittleEndian;
import io.varve.disk.Names;
import java.util.Arrays;
import java.util.Optional;

/// Reparse points: links, mount points, files whose content another part of Windows provides ([MS-FSCC] section 2.1.2).
final class Reparse {
    static final int SYMLINK = 0xa000_000c;
    static final int MOUNT_POINT = 0xa000_0003;
    static final int WOF = 0x8000_0017;
    static final int DEDUP = 0x8000_0013;

    private static final int LX_SYMLINK = 0xa000_001d;
    private static final int AF_UNIX = 0x8000_0023;
    private static final int LX_FIFO = 0x8000_0024;
    private static final int LX_CHARACTER = 0x8000_0025;
    private static final int LX_BLOCK = 0x8000_0026;
    private static final int HEADER = 8;

    private Reparse() {}

    static Type type(int tag, boolean folder) {
        return switch (tag) {
            case SYMLINK, MOUNT_POINT, LX_SYMLINK -> Type.LINK;
            case AF_UNIX -> Type.SOCKET;
            case LX_FIFO -> Type.FIFO;
            case LX_CHARACTER -> Type.CHARACTER;
            case LX_BLOCK -> Type.BLOCK;
            default -> folder ? Type.DIRECTORY : Type.FILE;
        };
    }

    static int tag(byte[] value) {
        return value.length < HEADER ? 0 : LittleEndian.i32(value, 0);
    }

    /// What a link leads to: the name as it is shown to a person, else the one the system follows.
    static Optional<String> target(byte[] value) {
        return switch (tag(value)) {
            case SYMLINK -> path(value, HEADER, HEADER + 12);
            case MOUNT_POINT -> path(value, HEADER, HEADER + 8);
            case LX_SYMLINK ->
                value.length < HEADER + 4
                        ? Optional.empty()
                        : Optional.of(Names.text(Arrays.copyOfRange(value, HEADER + 4, value.length)));
            default -> Optional.empty();
        };
    }

    private static Optional<String> path(byte[] value, int fields, int names) {
        if (value.length < names) {
            return Optional.empty();
        }
        return name(value, names, LittleEndian.u16(value, fields + 4), LittleEndian.u16(value, fields + 6))
                .or(() -> name(value, names, LittleEndian.u16(value, fields), LittleEndian.u16(value, fields + 2)));
    }

    private static Optional<String> name(byte[] value, int names, int offset, int length) {
        if (length < 2 || names + offset + length > value.length) {
            return Optional.empty();
        }
        return Optional.of(Names.utf16(Attribute.text(value, names + offset, length / 2)));
    }
}
