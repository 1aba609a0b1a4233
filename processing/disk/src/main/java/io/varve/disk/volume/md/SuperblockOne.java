package io.varve.disk.volume.md;

import io.varve.binary.Bytes;
import io.varve.binary.Cursor;
import io.varve.disk.Names;
import io.varve.disk.volume.md.Superblock.State;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// Superblocks of version 1: at the end of the device (1.0), at its start (1.1) or 4 KiB behind it (1.2).
///
/// Source: Linux `include/uapi/linux/raid/md_p.h`, `struct mdp_superblock_1`.
final class SuperblockOne {
    private static final long MAGIC = 0xa92b4efcL;
    private static final int SIZE = 4096;
    private static final int FIXED = 256;
    private static final int CHECKSUM = 216;
    private static final long SECTOR = 512;

    /// No device has more sectors: keeps byte offsets below 2^62.
    private static final long SECTORS = 1L << 53;

    private static final int RECOVERY = 0x2;
    private static final int RESHAPE = 0x4;
    private static final int REPLACEMENT = 0x10;

    private SuperblockOne() {}

    static Optional<Superblock> read(Bytes device, String version) throws IOException {
        long place = switch (version) {
            case "1.0" -> (device.size() / SECTOR - 16) / 8 * 8 * SECTOR;
            case "1.1" -> 0;
            default -> 4096;
        };
        if (device.size() < 16 * SECTOR || place < 0 || place > device.size() - SIZE) {
            return Optional.empty();
        }
        byte[] block = new byte[SIZE];
        device.read(place, block, 0, SIZE);
        Cursor in = Cursor.littleEndian(MemorySegment.ofArray(block));
        boolean here = in.u32("magic") == MAGIC
                && in.u32("major version") == 1
                && in.at(144).i64("own sector") == place / SECTOR;
        if (!here) {
            return Optional.empty();
        }
        long roles = in.at(220).u32("number of roles");
        if (roles > Superblock.MOST || !summed(block, FIXED + 2 * (int) roles)) {
            return Optional.empty();
        }
        return parsed(in, version, place, (int) roles);
    }

    private static Optional<Superblock> parsed(Cursor block, String version, long place, int roles) {
        long features = block.at(8).u32("features");
        Cursor in = block.at(16);
        String set = uuid(in.bytes(16, "array UUID"));
        String name = name(in.bytes(32, "name"));
        long created = in.i64("creation time") & 0xff_ffff_ffffL;
        int level = in.i32("level");
        long layout = in.u32("layout");
        long size = in.i64("size of a member");
        long chunk = in.u32("chunk size");
        long disks = in.u32("number of members");
        long dataOffset = block.at(128).i64("data offset");
        long dataSize = block.at(136).i64("data size");
        long number = block.at(160).u32("number of this member");
        long events = block.at(200).i64("events");
        long synced = block.at(208).i64("synchronised up to");
        boolean usable =
                inside(size) && inside(dataOffset) && inside(dataSize) && disks > 0 && disks <= Superblock.MOST;
        if (!usable) {
            return Optional.empty();
        }
        int role = number < roles ? block.at(FIXED + 2 * number).u16("role") : 0xffff;
        int meaning = switch (role) {
            case 0xffff -> Superblock.SPARE;
            case 0xfffe -> Superblock.FAULTY;
            case 0xfffd -> Superblock.JOURNAL;
            default -> role < disks ? role : Superblock.SPARE;
        };
        var state = new State(
                (features & RESHAPE) != 0, (features & RECOVERY) != 0, (features & REPLACEMENT) != 0, synced == -1);
        return Optional.of(new Superblock(
                version,
                place,
                set,
                name,
                created,
                level,
                layout,
                chunk * SECTOR,
                (int) disks,
                size * SECTOR,
                dataOffset * SECTOR,
                dataSize * SECTOR,
                events,
                meaning,
                state));
    }

    private static boolean inside(long sectors) {
        return sectors >= 0 && sectors < SECTORS;
    }

    /// The sum of all 32-bit words (and a half one at the end), the stored sum taken as zero, carries added in.
    private static boolean summed(byte[] block, int length) {
        Cursor in = Cursor.littleEndian(MemorySegment.ofArray(block));
        long stored = in.at(CHECKSUM).u32("checksum");
        long sum = -stored;
        for (int i = 0; i + 4 <= length; i += 4) {
            sum += in.u32("word");
        }
        if (length % 4 == 2) {
            sum += in.u16("half word");
        }
        return (sum & 0xffff_ffffL) + (sum >>> 32) == stored;
    }

    private static String uuid(MemorySegment raw) {
        return HexFormat.of().formatHex(raw.toArray(ValueLayout.JAVA_BYTE)).replaceAll("(.{8})(?=.)", "$1:");
    }

    private static String name(MemorySegment raw) {
        byte[] bytes = raw.toArray(ValueLayout.JAVA_BYTE);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return Names.segment(Names.text(Arrays.copyOf(bytes, end))).replaceAll("\\p{Cntrl}", "?");
    }
}
