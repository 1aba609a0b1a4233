package io.varve.provider.image;

/// An array of zeros that many compare with and copy from, and nobody writes to.
final class Zeros {
    private static volatile byte[] zeros = new byte[1 << 20];

    private Zeros() {}

    static byte[] of(int length) {
        if (zeros.length < length) {
            zeros = new byte[length];
        }
        return zeros;
    }
}
