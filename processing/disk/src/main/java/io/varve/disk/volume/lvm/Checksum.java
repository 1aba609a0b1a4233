package io.varve.disk.volume.lvm;

/// The CRC-32 of LVM2: the usual polynomial, its own start value, not inverted at the end.
///
/// Source: LVM2 `lib/misc/crc.c`.
final class Checksum {
    private static final int START = 0xf597a6cf;
    private static final int POLYNOMIAL = 0xedb88320;
    private static final int[] TABLE = new int[256];

    static {
        for (int i = 0; i < TABLE.length; i++) {
            int value = i;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) != 0 ? value >>> 1 ^ POLYNOMIAL : value >>> 1;
            }
            TABLE[i] = value;
        }
    }

    private Checksum() {}

    static long of(byte[] bytes, int start, int length) {
        int value = START;
        for (int i = start; i < start + length; i++) {
            value = value >>> 8 ^ TABLE[(value ^ bytes[i]) & 0xff];
        }
        return value & 0xffff_ffffL;
    }
}
