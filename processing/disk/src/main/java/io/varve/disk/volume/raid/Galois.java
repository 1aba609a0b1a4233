package io.varve.disk.volume.raid;

/// Arithmetic of RAID 6 in GF(2^8) with the polynomial 0x11d and the generator 2.
///
/// Source: H. Peter Anvin, The mathematics of RAID-6.
final class Galois {
    private static final int POLYNOMIAL = 0x11d;
    private static final int ORDER = 255;
    private static final int[] POWERS = new int[ORDER * 2];
    private static final int[] LOGARITHMS = new int[256];

    static {
        int value = 1;
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = value;
            LOGARITHMS[value] = i % ORDER;
            value = value << 1;
            value = value > 255 ? value ^ POLYNOMIAL : value;
        }
    }

    private Galois() {}

    static int power(int exponent) {
        return POWERS[exponent % ORDER];
    }

    static int times(int a, int b) {
        return a == 0 || b == 0 ? 0 : POWERS[LOGARITHMS[a] + LOGARITHMS[b]];
    }

    static int inverse(int a) {
        return POWERS[ORDER - LOGARITHMS[a]];
    }

    /// All multiples of a factor, by the other factor.
    static byte[] multiples(int factor) {
        byte[] all = new byte[256];
        for (int i = 1; i < all.length; i++) {
            all[i] = (byte) times(factor, i);
        }
        return all;
    }
}
