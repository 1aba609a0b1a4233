package io.varve.disk.volume.encrypted;

/// The permutation of Argon2's blocks (RFC 9106, section 3.6): Blake2b's round with a multiplication in it, over the
/// rows and then the columns of 8 × 8 pairs of words.
final class Blamka {
    private Blamka() {}

    static void permute(long[] v) {
        for (int row = 0; row < 128; row += 16) {
            round(v, row, row + 2, row + 4, row + 6, row + 8, row + 10, row + 12, row + 14);
        }
        for (int column = 0; column < 16; column += 2) {
            round(
                    v,
                    column,
                    column + 16,
                    column + 32,
                    column + 48,
                    column + 64,
                    column + 80,
                    column + 96,
                    column + 112);
        }
    }

    /// Over the sixteen words that these eight pairs begin.
    private static void round(long[] v, int p0, int p1, int p2, int p3, int p4, int p5, int p6, int p7) {
        mix(v, p0, p2, p4, p6);
        mix(v, p0 + 1, p2 + 1, p4 + 1, p6 + 1);
        mix(v, p1, p3, p5, p7);
        mix(v, p1 + 1, p3 + 1, p5 + 1, p7 + 1);
        mix(v, p0, p2 + 1, p5, p7 + 1);
        mix(v, p0 + 1, p3, p5 + 1, p6);
        mix(v, p1, p3 + 1, p4, p6 + 1);
        mix(v, p1 + 1, p2, p4 + 1, p7);
    }

    private static void mix(long[] v, int ia, int ib, int ic, int id) {
        long a = v[ia];
        long b = v[ib];
        long c = v[ic];
        long d = v[id];
        a += b + 2 * (a & 0xffff_ffffL) * (b & 0xffff_ffffL);
        d = Long.rotateRight(d ^ a, 32);
        c += d + 2 * (c & 0xffff_ffffL) * (d & 0xffff_ffffL);
        b = Long.rotateRight(b ^ c, 24);
        a += b + 2 * (a & 0xffff_ffffL) * (b & 0xffff_ffffL);
        d = Long.rotateRight(d ^ a, 16);
        c += d + 2 * (c & 0xffff_ffffL) * (d & 0xffff_ffffL);
        b = Long.rotateRight(b ^ c, 63);
        v[ia] = a;
        v[ib] = b;
        v[ic] = c;
        v[id] = d;
    }
}
