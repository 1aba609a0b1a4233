package io.varve.disk.container.udif;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DeflaterOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/// Builds an Apple disk image of one table; independent of the reader.
final class MadeDmg {
    private final byte[] disk;
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final ByteBuffer table = ByteBuffer.allocate(100_000);
    private int blocks;

    MadeDmg(byte[] disk) {
        this.disk = disk;
        table.position(204);
        entry(0x7ffffffe, 0, 0, 0, 0);
    }

    private void entry(int type, long start, long sectors, long offset, long length) {
        table.putInt(type)
                .putInt(0)
                .putLong(start)
                .putLong(sectors)
                .putLong(offset)
                .putLong(length);
        blocks++;
    }

    MadeDmg add(String kind, int start, int sectors) throws IOException {
        byte[] content = Arrays.copyOfRange(disk, start * 512, (start + sectors) * 512);
        var stored = new ByteArrayOutputStream();
        int type = switch (kind) {
            case "zero" -> 0;
            case "raw" -> 1;
            case "adc" -> 0x80000004;
            case "zlib" -> 0x80000005;
            case "bzip2" -> 0x80000006;
            default -> 0x80000008;
        };
        switch (kind) {
            case "zero" -> {}
            case "raw" -> stored.write(content);
            case "adc" -> adc(content, stored);
            case "zlib" -> pack(content, new DeflaterOutputStream(stored));
            case "bzip2" -> pack(content, new BZip2CompressorOutputStream(stored));
            default -> pack(content, new XZOutputStream(stored, new LZMA2Options(1)));
        }
        entry(type, start, sectors, data.size(), stored.size());
        stored.writeTo(data);
        return this;
    }

    private static void pack(byte[] content, OutputStream packer) throws IOException {
        try (packer) {
            packer.write(content);
        }
    }

    /// Literals, and copies of both kinds where the bytes repeat.
    private static void adc(byte[] content, ByteArrayOutputStream out) {
        int at = 0;
        while (at < content.length) {
            int distance = 0;
            int length = 0;
            for (int candidate : new int[] {1, 26, 32, 832, 1024, 4096}) {
                int same = 0;
                while (candidate <= at
                        && same < 67
                        && at + same < content.length
                        && content[at + same] == content[at + same - candidate]) {
                    same++;
                }
                if (same > length) {
                    length = same;
                    distance = candidate;
                }
            }
            if (length >= 4 && (length > 18 || distance > 1024)) {
                out.write(0x40 | length - 4);
                out.write(distance - 1 >> 8);
                out.write(distance - 1);
                at += length;
            } else if (length >= 3 && distance <= 1024) {
                out.write(length - 3 << 2 | distance - 1 >> 8);
                out.write(distance - 1);
                at += length;
            } else {
                int literals = Math.min(5, content.length - at);
                out.write(0x80 | literals - 1);
                out.write(content, at, literals);
                at += literals;
            }
        }
    }

    byte[] file() throws IOException {
        entry(-1, disk.length / 512, 0, data.size(), 0);
        table.putInt(0, 0x6d697368)
                .putInt(4, 1)
                .putLong(16, disk.length / 512)
                .putInt(32, 8192)
                .putInt(200, blocks);
        String list = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
                + "<plist version=\"1.0\"><dict><key>resource-fork</key><dict><key>blkx</key><array><dict>"
                + "<key>Attributes</key><string>0x0050</string><key>Data</key><data>\n"
                + Base64.getMimeEncoder().encodeToString(Arrays.copyOf(table.array(), table.position()))
                + "\n</data><key>Name</key><string>whole &amp; only</string></dict></array></dict></dict></plist>\n";
        byte[] xml = list.getBytes(StandardCharsets.UTF_8);
        var koly = ByteBuffer.allocate(512);
        koly.put("koly".getBytes(StandardCharsets.US_ASCII))
                .putInt(4)
                .putInt(512)
                .putInt(1);
        koly.putLong(32, data.size()).putInt(56, 1).putInt(60, 1);
        koly.putLong(216, data.size()).putLong(224, xml.length).putInt(488, 1).putLong(492, disk.length / 512);
        data.write(xml);
        data.write(koly.array());
        return data.toByteArray();
    }
}
