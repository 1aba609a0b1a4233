package io.varve.disk.filesystem.sleuthkit;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.FileSystemFormat;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The file systems left to The Sleuth Kit. Which it is, is told here from signatures, so that no byte of any other
/// volume ever reaches native code.
@AutoService(FileSystemFormat.class)
public final class SleuthKitFormat implements FileSystemFormat {
    private static final int BOOT = 512;

    @Override
    public String name() {
        return "The Sleuth Kit";
    }

    @Override
    public int order() {
        return 50;
    }

    @Override
    public boolean claims(Bytes volume) throws IOException {
        return kind(volume).isPresent();
    }

    private enum Kind {
        FAT,
        EXFAT,
        HFS_PLUS,
        APFS,
        ISO_9660,
        UFS,
        YAFFS2
    }

    private static Optional<Kind> kind(Bytes volume) throws IOException {
        if (is(volume, 3, "EXFAT   ")) {
            return Optional.of(Kind.EXFAT);
        }
        if (is(volume, 32, "NXSB")) {
            return Optional.of(Kind.APFS);
        }
        if (is(volume, 1024, "H+\0\4") || is(volume, 1024, "HX\0\5")) {
            return Optional.of(Kind.HFS_PLUS);
        }
        if (is(volume, 32_769, "CD001")) {
            return Optional.of(Kind.ISO_9660);
        }
        if (isFat(volume)) {
            return Optional.of(Kind.FAT);
        }
        for (long superblock : new long[] {8_192, 65_536, 262_144}) {
            for (String magic : List.of("54190100", "00011954", "19015419", "19540119")) {
                if (isBytes(volume, superblock + 1_372, magic)) {
                    return Optional.of(Kind.UFS);
                }
            }
        }
        return isYaffs(volume) ? Optional.of(Kind.YAFFS2) : Optional.empty();
    }

    /// Microsoft, "FAT: General Overview of On-Disk Format": a jump, a sector size, clusters of a power of two, one or
    /// two tables, and no NTFS.
    private static boolean isFat(Bytes volume) throws IOException {
        if (volume.size() < BOOT) {
            return false;
        }
        byte[] boot = new byte[BOOT];
        volume.read(0, boot, 0, BOOT);
        int sector = (boot[11] & 0xff) | (boot[12] & 0xff) << 8;
        int cluster = boot[13] & 0xff;
        int reserved = (boot[14] & 0xff) | (boot[15] & 0xff) << 8;
        int tables = boot[16] & 0xff;
        int media = boot[21] & 0xff;
        boolean jumps = (boot[0] & 0xff) == 0xeb || (boot[0] & 0xff) == 0xe9;
        boolean sizes = List.of(512, 1024, 2048, 4096).contains(sector)
                && cluster != 0
                && Integer.bitCount(cluster) == 1
                && reserved > 0
                && (tables == 1 || tables == 2);
        String name = new String(boot, 3, 8, StandardCharsets.ISO_8859_1);
        return jumps
                && sizes
                && (media == 0xf0 || media >= 0xf8)
                && !name.equals("NTFS    ")
                && (boot[510] & 0xff) == 0x55
                && (boot[511] & 0xff) == 0xaa;
    }

    /// YAFFS2 has no signature: its first chunk is the header of an object, whose unused checksum is all ones and whose
    /// name is printable. Source: the Yaffs project, "How YAFFS Works", object headers.
    private static boolean isYaffs(Bytes volume) throws IOException {
        if (volume.size() < 2_112) {
            return false;
        }
        byte[] head = new byte[64];
        volume.read(0, head, 0, head.length);
        int type = head[0];
        boolean small = head[1] == 0 && head[2] == 0 && head[3] == 0;
        boolean checksum = (head[8] & 0xff) == 0xff && (head[9] & 0xff) == 0xff;
        if (type < 1 || type > 5 || !small || !checksum) {
            return false;
        }
        for (int i = 10; i < head.length && head[i] != 0; i++) {
            if (head[i] < 0x20 || head[i] > 0x7e) {
                return false;
            }
        }
        return true;
    }

    private static boolean is(Bytes volume, long offset, String text) throws IOException {
        return isBytes(volume, offset, HexFormat.of().formatHex(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static boolean isBytes(Bytes volume, long offset, String hex) throws IOException {
        byte[] wanted = HexFormat.of().parseHex(hex);
        if (volume.size() < offset + wanted.length) {
            return false;
        }
        byte[] found = new byte[wanted.length];
        volume.read(offset, found, 0, found.length);
        return Arrays.equals(found, wanted);
    }

    @Override
    public List<FileSystem> open(Bytes volume) throws IOException {
        Kind kind = kind(volume).orElseThrow();
        var systems = new ArrayList<FileSystem>();
        int count = 1;
        for (int number = 0; number < count; number++) {
            var process = new SleuthKitProcess(volume, number, kind == Kind.APFS);
            try {
                DataInputStream opened = process.opened();
                count = opened.readInt();
                var names = new ArrayList<String>();
                for (int i = 0; i < count; i++) {
                    names.add(opened.readUTF());
                }
                String type = opened.readUTF().toLowerCase(Locale.ROOT);
                systems.add(new SleuthKitFileSystem(
                        process,
                        type,
                        kind == Kind.APFS ? Optional.of(names.get(number)) : Optional.empty(),
                        opened.readLong(),
                        opened.readLong(),
                        kind == Kind.EXFAT ? Optional.of(ExfatZones.of(volume)) : Optional.empty()));
            } catch (IOException | RuntimeException e) {
                process.close();
                if (number == 0) {
                    throw e;
                }
                // an encrypted or damaged one among several: the others are read, this one says so when it is listed
                systems.add(new Unopened("volume%d".formatted(number + 1), e));
            }
        }
        return systems;
    }
}
