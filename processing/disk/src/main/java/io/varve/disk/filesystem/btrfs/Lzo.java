package io.varve.disk.filesystem.btrfs;

import io.varve.binary.CorruptException;

/// Expands LZO1X, as described in the kernel's `Documentation/staging/lzo.rst`
/// (<https://docs.kernel.org/staging/lzo.html>). Never reads or writes outside of what it was given.
final class Lzo {
    private final byte[] in;
    private final int inEnd;
    private int at;
    private final byte[] out;
    private final int outEnd;
    private final int outStart;
    private int done;

    /// @param from first byte of the compressed piece
    /// @param outStart where its content begins in `out`
    Lzo(byte[] in, int from, int length, byte[] out, int outStart, int most) {
        this.in = in;
        this.at = from;
        this.inEnd = from + length;
        this.out = out;
        this.outStart = outStart;
        this.outEnd = outStart + most;
        this.done = outStart;
    }

    /// @return how many bytes came out
    int expand() {
        int state = 0;
        int first = peek();
        if (first >= 18) {
            at++;
            literals(first - 17);
            state = first < 22 ? first - 17 : 4;
        }
        while (true) {
            int code = next();
            if (code < 16 && state == 0) {
                literals(3 + length(code, 15));
                state = 4;
                continue;
            }
            int tail = code;
            if (code < 16) {
                int distance = (next() << 2) + (code >> 2);
                match(state == 4 ? 3 : 2, distance + (state == 4 ? 2049 : 1));
            } else if (code < 32) {
                int length = 2 + length(code & 7, 7);
                tail = next() | next() << 8;
                int distance = 16384 + ((code & 8) << 11) + (tail >> 2);
                if (distance == 16384) {
                    return done - outStart;
                }
                match(length, distance);
            } else if (code < 64) {
                int length = 2 + length(code & 31, 31);
                tail = next() | next() << 8;
                match(length, (tail >> 2) + 1);
            } else {
                int length = code < 128 ? 3 + (code >> 5 & 1) : 5 + (code >> 5 & 3);
                match(length, (next() << 3) + (code >> 2 & 7) + 1);
            }
            state = tail & 3;
            literals(state);
        }
    }

    /// A length that does not fit its bits goes on in bytes: each zero is 255 more, the first other one ends it.
    private int length(int bits, int most) {
        if (bits != 0) {
            return bits;
        }
        int length = most;
        int more = next();
        while (more == 0) {
            length += 255;
            more = next();
        }
        return length + more;
    }

    private void literals(int count) {
        if (count > inEnd - at || count > outEnd - done) {
            throw new CorruptException(
                    "LZO: %d literals with %d bytes left and room for %d".formatted(count, inEnd - at, outEnd - done));
        }
        System.arraycopy(in, at, out, done, count);
        at += count;
        done += count;
    }

    /// Source and target may overlap: what was just written is repeated then.
    private void match(int count, int distance) {
        if (distance > done - outStart || count > outEnd - done) {
            throw new CorruptException("LZO: %d bytes from %d back with %d written and room for %d"
                    .formatted(count, distance, done - outStart, outEnd - done));
        }
        for (int i = 0; i < count; i++, done++) {
            out[done] = out[done - distance];
        }
    }

    private int peek() {
        if (at >= inEnd) {
            throw new CorruptException("LZO: ends after %d bytes".formatted(done - outStart));
        }
        return in[at] & 0xff;
    }

    private int next() {
        int value = peek();
        at++;
        return value;
    }
}
