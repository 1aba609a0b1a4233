package io.varve.disk.archive;

import io.varve.binary.CorruptException;
import java.util.Arrays;

/// The 512 bytes before each member of a tar: old, POSIX (ustar) and GNU form.
///
/// Source: POSIX.1-2017 pax "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
record TarHeader(byte[] block) {
    static final int SIZE = 512;

    /// Whether the block is a header: its checksum holds.
    static boolean isHeader(byte[] block) {
        long stated;
        try {
            stated = number(block, 148, 8);
        } catch (CorruptException e) {
            return false;
        }
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < SIZE; i++) {
            byte value = i >= 148 && i < 156 ? (byte) ' ' : block[i];
            unsigned += value & 0xff;
            signed += value;
        }
        return block[0] != 0 && (stated == unsigned || stated == signed) || isNameless(block, stated, unsigned);
    }

    /// A global pax header may have an empty name.
    private static boolean isNameless(byte[] block, long stated, long unsigned) {
        return stated == unsigned && (block[156] == 'g' || block[156] == 'x' || block[156] == 'L' || block[156] == 'K');
    }

    static boolean isZero(byte[] block) {
        for (byte value : block) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    char type() {
        return (char) (block[156] & 0xff);
    }

    byte[] name() {
        byte[] name = field(0, 100);
        byte[] prefix = isPosix() ? field(345, 155) : new byte[0];
        if (prefix.length == 0) {
            return name;
        }
        byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
        whole[prefix.length] = '/';
        System.arraycopy(name, 0, whole, prefix.length + 1, name.length);
        return whole;
    }

    byte[] link() {
        return field(157, 100);
    }

    long mode() {
        return number(block, 100, 8);
    }

    long uid() {
        return number(block, 108, 8);
    }

    long gid() {
        return number(block, 116, 8);
    }

    long size() {
        return number(block, 124, 12);
    }

    long modified() {
        return number(block, 136, 12);
    }

    private boolean isPosix() {
        return block[257] == 'u'
                && block[258] == 's'
                && block[259] == 't'
                && block[260] == 'a'
                && block[261] == 'r'
                && block[262] == 0;
    }

    private byte[] field(int start, int length) {
        int end = start;
        while (end < start + length && block[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(block, start, end);
    }

    /// Octal text, or GNU's base 256 when the first bit is set.
    private static long number(byte[] block, int start, int length) {
        if ((block[start] & 0x80) != 0) {
            return base256(block, start, length);
        }
        long value = 0;
        boolean started = false;
        for (int i = start; i < start + length; i++) {
            int digit = block[i];
            if (digit >= '0' && digit <= '7') {
                value = value << 3 | digit - '0';
                started = true;
            } else if (digit == 0 || digit == ' ') {
                if (started) {
                    return value;
                }
            } else {
                throw new CorruptException("tar header field at %d is not octal".formatted(start));
            }
        }
        return value;
    }

    private static long base256(byte[] block, int start, int length) {
        boolean negative = (block[start] & 0x40) != 0;
        long value = negative ? -1L << 6 | block[start] & 0x3f : block[start] & 0x3f;
        for (int i = start + 1; i < start + length; i++) {
            if (value > Long.MAX_VALUE >> 8 || value < Long.MIN_VALUE >> 8) {
                throw new CorruptException("tar header field at %d is too large".formatted(start));
            }
            value = value << 8 | block[i] & 0xff;
        }
        return value;
    }
}
