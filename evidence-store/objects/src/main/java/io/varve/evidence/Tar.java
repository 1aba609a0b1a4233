package io.varve.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// The archive an exported package travels in: POSIX ustar with files only, every field of a header decided by name,
/// size and time, so that a reader can tell each bit that is not as it was written. Sizes from 8 GiB are in GNU's
/// base-256 form.
///
/// Source: POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
final class Tar {
    static final int BLOCK = 512;
    static final int LONGEST_NAME = 99;
    /// Two blocks of zeros.
    static final int END = 2 * BLOCK;

    private static final int SIZE = 124;
    private static final int CHECKSUM = 148;
    private static final long LARGEST_OCTAL = 1L << 33;

    private Tar() {}

    /// Bytes a file takes, with its header and padding.
    static long space(long size) {
        return BLOCK + size + padding(size);
    }

    static int padding(long size) {
        return (int) ((BLOCK - size % BLOCK) % BLOCK);
    }

    static void write(OutputStream out, String name, long size, Instant time, InputStream content) throws IOException {
        out.write(header(name, size, time.getEpochSecond()));
        long written = copy(content, out, size);
        if (written != size) {
            throw new IOException("%s ends at byte %d of %d".formatted(name, written, size));
        }
        out.write(new byte[padding(size)]);
    }

    private static long copy(InputStream in, OutputStream out, long size) throws IOException {
        byte[] buffer = new byte[(int) Math.min(1 << 18, Math.max(1, size))];
        long done = 0;
        while (done < size) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, size - done));
            if (count < 0) {
                break;
            }
            out.write(buffer, 0, count);
            done += count;
        }
        return done;
    }

    static byte[] header(String name, long size, long seconds) {
        byte[] header = new byte[BLOCK];
        byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
        if (nameBytes.length > LONGEST_NAME) {
            throw new IllegalArgumentException("name too long for the archive: " + name);
        }
        System.arraycopy(nameBytes, 0, header, 0, nameBytes.length);
        text(header, 100, "0000444\0");
        text(header, 108, "0000000\0");
        text(header, 116, "0000000\0");
        if (size < LARGEST_OCTAL) {
            text(header, SIZE, "%011o\0".formatted(size));
        } else {
            header[SIZE] = (byte) 0x80;
            for (int i = 0; i < Long.BYTES; i++) {
                header[SIZE + 11 - i] = (byte) (size >>> (8 * i));
            }
        }
        text(header, 136, "%011o\0".formatted(seconds));
        text(header, CHECKSUM, "        ");
        text(header, 156, "0");
        text(header, 257, "ustar\00000");
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        text(header, CHECKSUM, "%06o\0 ".formatted(sum));
        return header;
    }

    private static void text(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }

    static String name(byte[] header) {
        int end = 0;
        while (end < LONGEST_NAME && header[end] != 0) {
            end++;
        }
        return new String(header, 0, end, StandardCharsets.ISO_8859_1);
    }

    /// @throws IOException when there is no size below 2^63
    static long size(byte[] header) throws IOException {
        if ((header[SIZE] & 0x80) == 0) {
            return octal(header, SIZE);
        }
        long size = 0;
        for (int i = 4; i < 12; i++) {
            size = size << 8 | header[SIZE + i] & 0xff;
        }
        if (size < 0) {
            throw new IOException("a size in a header is no size");
        }
        return size;
    }

    static long seconds(byte[] header) throws IOException {
        return octal(header, 136);
    }

    private static long octal(byte[] header, int offset) throws IOException {
        long value = 0;
        for (int i = 0; i < 11; i++) {
            int digit = header[offset + i] - '0';
            if (digit < 0 || digit > 7) {
                throw new IOException("a number in a header is no number");
            }
            value = value << 3 | digit;
        }
        return value;
    }
}
