package io.varve.provider.collector.archive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The header blocks of one tar member: a pax extended header where the classic one cannot say it, then the classic
/// one.
///
/// Source: POSIX.1-2017, `pax`, sections on the ustar and extended header formats. Times always go into the extended
/// header, because only there have they nanoseconds.
///
/// @param name path of the member, without leading `/`
/// @param link target, for symbolic links
public record TarHeader(
        String name,
        long size,
        int mode,
        long uid,
        long gid,
        Instant modified,
        Optional<Instant> accessed,
        Optional<Instant> changed,
        Optional<String> link) {
    public static final int BLOCK = 512;

    private static final int NAME_LENGTH = 100;
    private static final long LARGEST_CLASSIC = (1L << 33) - 1;
    private static final long LARGEST_ID = (1 << 21) - 1;

    /// A member that we made ourselves.
    public static TarHeader ours(String name, long size, Instant modified) {
        return new TarHeader(name, size, 0600, 0, 0, modified, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// Zero bytes that follow `size` bytes of content.
    public static int padding(long size) {
        return (int) ((BLOCK - size % BLOCK) % BLOCK);
    }

    public byte[] bytes() {
        byte[] extended = extended();
        var out = new ByteArrayOutputStream(3 * BLOCK);
        out.writeBytes(classic("PaxHeaders/" + ascii(name), 'x', extended.length, ""));
        out.writeBytes(extended);
        out.writeBytes(new byte[padding(extended.length)]);
        out.writeBytes(classic(ascii(name), link.isPresent() ? '2' : '0', size, ascii(link.orElse(""))));
        return out.toByteArray();
    }

    private byte[] extended() {
        var records = new LinkedHashMap<String, String>();
        records.put("mtime", seconds(modified));
        accessed.ifPresent(time -> records.put("atime", seconds(time)));
        changed.ifPresent(time -> records.put("ctime", seconds(time)));
        if (!fits(name)) {
            records.put("path", name);
        }
        link.filter(target -> !fits(target)).ifPresent(target -> records.put("linkpath", target));
        if (size > LARGEST_CLASSIC) {
            records.put("size", Long.toString(size));
        }
        if (uid > LARGEST_ID) {
            records.put("uid", Long.toString(uid));
        }
        if (gid > LARGEST_ID) {
            records.put("gid", Long.toString(gid));
        }
        var out = new ByteArrayOutputStream();
        records.entrySet().forEach(record -> out.writeBytes(line(record)));
        return out.toByteArray();
    }

    /// `<length> <key>=<value>\n`, where the length counts its own digits.
    private static byte[] line(Map.Entry<String, String> record) {
        byte[] rest = (" " + record.getKey() + "=" + record.getValue() + "\n").getBytes(StandardCharsets.UTF_8);
        int length = rest.length + 1;
        while (Integer.toString(length).length() + rest.length != length) {
            length++;
        }
        byte[] digits = Integer.toString(length).getBytes(StandardCharsets.US_ASCII);
        byte[] line = Arrays.copyOf(digits, digits.length + rest.length);
        System.arraycopy(rest, 0, line, digits.length, rest.length);
        return line;
    }

    private byte[] classic(String path, char type, long length, String target) {
        byte[] block = new byte[BLOCK];
        text(block, 0, NAME_LENGTH, path);
        octal(block, 100, 8, mode & 07777);
        octal(block, 108, 8, uid > LARGEST_ID ? 0 : uid);
        octal(block, 116, 8, gid > LARGEST_ID ? 0 : gid);
        octal(block, 124, 12, length > LARGEST_CLASSIC ? 0 : length);
        octal(block, 136, 12, Math.clamp(modified.getEpochSecond(), 0, LARGEST_CLASSIC));
        block[156] = (byte) type;
        text(block, 157, NAME_LENGTH, target);
        text(block, 257, 6, "ustar");
        text(block, 263, 2, "00");
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte value : block) {
            sum += value & 0xff;
        }
        octal(block, 148, 7, sum);
        return block;
    }

    private static void text(byte[] block, int offset, int length, String text) {
        byte[] raw = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(raw, 0, block, offset, Math.min(raw.length, length));
    }

    private static void octal(byte[] block, int offset, int length, long value) {
        text(block, offset, length - 1, ("%0" + (length - 1) + "o").formatted(value));
    }

    private static boolean fits(String text) {
        return text.length() < NAME_LENGTH && text.chars().allMatch(c -> c < 0x80);
    }

    private static String ascii(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "_");
    }

    private static String seconds(Instant time) {
        // Instant counts nanoseconds upwards from a negative second; pax wants a decimal fraction.
        if (time.getEpochSecond() < 0 && time.getNano() > 0) {
            return "-%d.%09d".formatted(-(time.getEpochSecond() + 1), 1_000_000_000 - time.getNano());
        }
        return "%d.%09d".formatted(time.getEpochSecond(), time.getNano());
    }
}
