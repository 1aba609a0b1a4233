package io.varve.disk.filesystem.ext;

import static io.varve.disk.LittleEndian.i32;
import static io.varve.disk.LittleEndian.u16;
import static io.varve.disk.LittleEndian.u32;
import static io.varve.disk.LittleEndian.u8;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Names;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Extended attributes: those in the inode, those in a block of their own, and values that fill an inode (`ea_inode`).
///
/// Access lists are given in the form that `getfattr` shows, which differs from the stored one. Source:
/// <https://docs.kernel.org/filesystems/ext4/attributes.html>.
final class Attributes {
    /// The attribute that holds what of inline content does not fit into the inode.
    static final String INLINE_DATA = "system.data";

    private static final int MAGIC = 0xea02_0000;
    private static final int BLOCK_HEADER = 32;
    private static final int ENTRY = 16;
    private static final int LONGEST_VALUE = 1 << 20;
    private static final int LONGEST_TOGETHER = 16 << 20;

    private static final int USER = 2;
    private static final int GROUP = 8;

    private final ExtFileSystem fileSystem;
    private final String what;
    private final Map<String, byte[]> found = new LinkedHashMap<>();
    private int together;

    private Attributes(ExtFileSystem fileSystem, long inode) {
        this.fileSystem = fileSystem;
        this.what = "extended attributes of inode %d".formatted(inode);
    }

    /// @param raw the inode
    static Map<String, byte[]> read(ExtFileSystem fileSystem, long inode, byte[] raw) throws IOException {
        var attributes = new Attributes(fileSystem, inode);
        attributes.inInode(raw);
        attributes.inBlock(raw);
        return attributes.found;
    }

    /// Only those in the inode, where inline content is.
    static Map<String, byte[]> readInInode(ExtFileSystem fileSystem, long inode, byte[] raw) throws IOException {
        var attributes = new Attributes(fileSystem, inode);
        attributes.inInode(raw);
        return attributes.found;
    }

    private void inInode(byte[] raw) throws IOException {
        if (raw.length <= 128) {
            return;
        }
        int header = 128 + u16(raw, 128);
        if (header % 4 == 0 && header <= raw.length - 8 && i32(raw, header) == MAGIC) {
            entries(raw, header + 4, header + 4);
        }
    }

    private void inBlock(byte[] raw) throws IOException {
        long block = u32(raw, 104) | (fileSystem.superBlock().has(SuperBlock.BIT64) ? (long) u16(raw, 118) << 32 : 0);
        if (block == 0) {
            return;
        }
        byte[] content = fileSystem.blocks().read(block, what);
        if (i32(content, 0) != MAGIC) {
            throw new CorruptException("%s: block %d has magic %08x".formatted(what, block, i32(content, 0)));
        }
        entries(content, BLOCK_HEADER, 0);
    }

    /// @param values what offsets of values count from
    private void entries(byte[] bytes, int first, int values) throws IOException {
        int at = first;
        while (at <= bytes.length - 4 && i32(bytes, at) != 0) {
            int name = u8(bytes, at);
            if (at > bytes.length - ENTRY - name) {
                throw new CorruptException("%s: the name of %d bytes at %d leaves the %d of its block"
                        .formatted(what, name, at, bytes.length));
            }
            String full =
                    prefix(u8(bytes, at + 1)) + Names.text(Arrays.copyOfRange(bytes, at + ENTRY, at + ENTRY + name));
            byte[] value = value(bytes, at, values, full);
            found.putIfAbsent(full, full.startsWith("system.posix_acl_") ? accessList(value) : value);
            at += ENTRY + name + 3 & ~3;
        }
    }

    private byte[] value(byte[] bytes, int at, int values, String name) throws IOException {
        long size = u32(bytes, at + 8);
        long holder = u32(bytes, at + 4);
        together = (int) Math.min(Integer.MAX_VALUE, together + size);
        if (size > LONGEST_VALUE || together > LONGEST_TOGETHER) {
            throw new CorruptException(
                    "%s: %s has %d bytes, allowed are %d".formatted(what, name, size, LONGEST_VALUE));
        }
        if (holder != 0) {
            return inInode(holder, (int) size, name);
        }
        long start = values + (long) u16(bytes, at + 2);
        if (size > 0 && start > bytes.length - size) {
            throw new CorruptException("%s: the %d bytes of %s at %d leave the %d of their block"
                    .formatted(what, size, name, start, bytes.length));
        }
        return size == 0 ? new byte[0] : Arrays.copyOfRange(bytes, (int) start, (int) (start + size));
    }

    private byte[] inInode(long holder, int size, String name) throws IOException {
        try (Bytes content = fileSystem.attributeValue(holder)) {
            if (content.size() < size) {
                throw new CorruptException(
                        "%s: %s needs %d bytes, inode %d holds %d".formatted(what, name, size, holder, content.size()));
            }
            byte[] value = new byte[size];
            content.read(0, value, 0, size);
            return value;
        }
    }

    private static String prefix(int index) {
        return switch (index) {
            case 0 -> "";
            case 1 -> "user.";
            case 2 -> "system.posix_acl_access";
            case 3 -> "system.posix_acl_default";
            case 4 -> "trusted.";
            case 5 -> "lustre.";
            case 6 -> "security.";
            case 7 -> "system.";
            case 8 -> "system.richacl";
            case 9 -> "encryption.";
            default -> "index%d.".formatted(index);
        };
    }

    /// Stored: version 1, then tag and permissions, with an id for named users and groups only. Shown: version 2, an id
    /// for all.
    private static byte[] accessList(byte[] stored) {
        if (stored.length < 4 || i32(stored, 0) != 1) {
            return stored;
        }
        var shown = ByteBuffer.allocate(4 + 2 * stored.length).order(ByteOrder.LITTLE_ENDIAN);
        shown.putInt(2);
        int at = 4;
        while (at <= stored.length - 4) {
            int tag = u16(stored, at);
            boolean named = tag == USER || tag == GROUP;
            if (named && at > stored.length - 8) {
                return stored;
            }
            shown.putInt(i32(stored, at)).putInt(named ? i32(stored, at + 4) : -1);
            at += named ? 8 : 4;
        }
        return Arrays.copyOf(shown.array(), shown.position());
    }
}
