package io.varve.disk.container.ewf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Adler32;
import java.util.zip.Deflater;

/// Builds Ex01 images; independent of the reader. libewf 20260924 (pyewf) reads what it makes.
final class MadeEx01 {
    private static final int CHUNK = 64 * 512;
    private static final int CHUNKS_PER_TABLE = 10;

    private final byte[] disk;
    private final int tablesPerSegment;
    private ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long previous;

    MadeEx01(byte[] disk, int tablesPerSegment) {
        this.disk = disk;
        this.tablesPerSegment = tablesPerSegment;
    }

    List<byte[]> segments() throws Exception {
        List<byte[]> segments = new ArrayList<>();
        begin(1);
        int tables = 0;
        for (int chunk = 0; chunk * CHUNK < disk.length; chunk += CHUNKS_PER_TABLE) {
            if (tables++ == tablesPerSegment) {
                section(13, new byte[0]);
                segments.add(out.toByteArray());
                begin(segments.size() + 1);
                tables = 1;
            }
            table(chunk);
        }
        section(8, checked(MessageDigest.getInstance("MD5").digest(disk)));
        section(9, checked(MessageDigest.getInstance("SHA-1").digest(disk)));
        section(15, new byte[0]);
        segments.add(out.toByteArray());
        return segments;
    }

    private void begin(int number) {
        out = new ByteArrayOutputStream();
        previous = 0;
        var header = little(32);
        header.put(new byte[] {'E', 'V', 'F', '2', '\r', '\n', (byte) 0x81, 0, 2, 1})
                .putShort((short) 1);
        header.putInt(number).put(new byte[] {1, 2, 3, 4, 5, 6, 0x47, 8, (byte) 0x89, 10, 11, 12, 13, 14, 15, 16});
        out.writeBytes(header.array());
        section(
                1,
                text(
                        "sn\tmd\tlb\tts\ths\tdc\tdt\tpid\trs\tls\tbp\tph",
                        "\t\t\t%d\t\t\tf\t\t\t\t512\t1".formatted(disk.length / 512)));
        section(
                2,
                text(
                        "nm\tcn\ten\tex\tnt\tav\tos\ttt\tat\ttb\tcp\tsb\tgr\twb",
                        "name\tcase 9\t1\tme\t\t7\tLinux\t1600000000\t1600000000\t%d\t1\t64\t64\t"
                                .formatted((disk.length + CHUNK - 1) / CHUNK)));
    }

    private static byte[] text(String keys, String values) {
        String text = "1\nmain\n%s\n%s\n\n".formatted(keys, values);
        byte[] raw = ("\ufeff" + text).getBytes(StandardCharsets.UTF_16LE);
        return deflated(raw, raw.length);
    }

    private static byte[] deflated(byte[] raw, int length) {
        var deflater = new Deflater();
        deflater.setInput(raw, 0, length);
        deflater.finish();
        byte[] packed = new byte[length + 1024];
        int count = deflater.deflate(packed);
        deflater.end();
        return Arrays.copyOf(packed, count);
    }

    private void table(int first) {
        int count = Math.min(CHUNKS_PER_TABLE, (disk.length - first * CHUNK + CHUNK - 1) / CHUNK);
        var entries = little(16 * count);
        int before = out.size();
        var data = new ByteArrayOutputStream();
        for (int i = first; i < first + count; i++) {
            byte[] content = Arrays.copyOfRange(disk, i * CHUNK, Math.min(disk.length, (i + 1) * CHUNK));
            byte[] packed = deflated(content, content.length);
            if (Arrays.equals(content, new byte[content.length])) {
                entries.putLong(0).putInt(0).putInt(5);
                continue;
            }
            boolean plain = packed.length >= content.length;
            entries.putLong(before + data.size())
                    .putInt(plain ? content.length + 4 : packed.length)
                    .putInt(plain ? 2 : 1);
            data.writeBytes(plain ? checked(content) : packed);
            data.writeBytes(new byte[-data.size() & 15]);
        }
        section(3, data.toByteArray());
        var table = little(32 + entries.capacity() + 16);
        table.putLong(first).putInt(count).putInt(0).putInt(adler(table.array(), 16));
        table.position(32);
        table.put(entries.array()).putInt(adler(entries.array(), entries.capacity()));
        section(4, table.array());
    }

    private void section(int type, byte[] data) {
        int padding = -data.length & 15;
        out.writeBytes(data);
        out.writeBytes(new byte[padding]);
        var descriptor = little(64);
        descriptor
                .putInt(type)
                .putInt(0)
                .putLong(previous)
                .putLong(data.length + padding)
                .putInt(64)
                .putInt(padding);
        descriptor.putInt(60, adler(descriptor.array(), 60));
        previous = out.size();
        out.writeBytes(descriptor.array());
    }

    private static byte[] checked(byte[] content) {
        var checked = little(content.length + 4);
        return checked.put(content).putInt(adler(content, content.length)).array();
    }

    private static int adler(byte[] bytes, int length) {
        var adler = new Adler32();
        adler.update(bytes, 0, length);
        return (int) adler.getValue();
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
