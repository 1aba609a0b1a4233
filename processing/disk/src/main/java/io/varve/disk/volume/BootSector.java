package io.varve.disk.volume;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Tells the first sector of a file system or encrypted volume from that of a partitioned disk; both may end in `55
/// aa`.
///
/// Sources: Microsoft, FAT32 File System Specification 1.03 (BPB); libblkid looks for the same before it takes a sector
/// for a table.
final class BootSector {
    static final int SIZE = 512;

    private BootSector() {}

    static byte[] read(Bytes device, long offset) throws IOException {
        byte[] sector = new byte[SIZE];
        device.read(offset, sector, 0, SIZE);
        return sector;
    }

    static boolean signed(byte[] sector) {
        return (sector[510] & 0xff) == 0x55 && (sector[511] & 0xff) == 0xaa;
    }

    static boolean isFileSystem(byte[] sector) {
        return starts(sector, 0, "XFSB")
                || starts(sector, 0, "LUKS\u00ba\u00be")
                || starts(sector, 0, "hsqs")
                || starts(sector, 3, "NTFS    ")
                || starts(sector, 3, "EXFAT   ")
                || starts(sector, 3, "-FVE-FS-")
                || starts(sector, 3, "ReFS\0")
                || isFat(sector);
    }

    static boolean isFat(byte[] sector) {
        int jump = sector[0] & 0xff;
        int bytesPerSector = u16(sector, 11);
        int sectorsPerCluster = sector[13] & 0xff;
        int tables = sector[16] & 0xff;
        int media = sector[21] & 0xff;
        return (jump == 0xeb || jump == 0xe9)
                && bytesPerSector >= 512
                && bytesPerSector <= 4096
                && Integer.bitCount(bytesPerSector) == 1
                && Integer.bitCount(sectorsPerCluster) == 1
                && u16(sector, 14) != 0
                && tables >= 1
                && tables <= 4
                && (media == 0xf0 || media >= 0xf8)
                && (u16(sector, 19) != 0 || u16(sector, 32) != 0 || u16(sector, 34) != 0);
    }

    /// Whether a place looks like the start of something that lies at the start of a volume.
    static boolean isVolumeStart(Bytes device, long offset) throws IOException {
        if (offset < 0 || offset > device.size() - 4096) {
            return false;
        }
        byte[] head = new byte[4096];
        device.read(offset, head, 0, head.length);
        byte[] sector = new byte[SIZE];
        System.arraycopy(head, 0, sector, 0, SIZE);
        return signed(sector)
                || isFileSystem(sector)
                || u16(head, 1024 + 56) == 0xef53
                || starts(head, 1024, "H+")
                || starts(head, 1024, "HX")
                || starts(head, 512, "LABELONE")
                || starts(head, 32, "NXSB");
    }

    static boolean isIso9660(Bytes device) throws IOException {
        if (device.size() < 32_774) {
            return false;
        }
        byte[] name = new byte[5];
        device.read(32_769, name, 0, 5);
        return starts(name, 0, "CD001");
    }

    private static boolean starts(byte[] bytes, int offset, String magic) {
        byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[offset + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static int u16(byte[] bytes, int offset) {
        return bytes[offset] & 0xff | (bytes[offset + 1] & 0xff) << 8;
    }
}
