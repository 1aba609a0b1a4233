package io.varve.artefact.linux;

import io.varve.binary.CorruptException;
import java.util.Arrays;

/// One raw LZ4 block, as journals store it: plain bounds-checked Java that can stop early.
///
/// Format: github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
final class Lz4Block {
    private static final int SHORTEST_MATCH = 4;

    private final byte[] source;
    private final byte[] target;
    private int in;
    private int out;

    private Lz4Block(byte[] source, int start, int wanted) {
        this.source = source;
        this.in = start;
        this.target = new byte[wanted];
    }

    /// The first `wanted` bytes of the block, or fewer when it ends before.
    static byte[] decode(byte[] source, int start, int wanted) {
        var block = new Lz4Block(source, start, wanted);
        while (block.out < wanted && block.in < source.length) {
            block.sequence();
        }
        return block.out == wanted ? block.target : Arrays.copyOf(block.target, block.out);
    }

    private void sequence() {
        int token = next();
        literals(length(token >> 4));
        if (in == source.length || out == target.length) {
            return;
        }
        int distance = next() | next() << 8;
        match(distance, SHORTEST_MATCH + length(token & 15));
    }

    private long length(int nibble) {
        long length = nibble;
        if (nibble < 15) {
            return length;
        }
        int more;
        do {
            more = next();
            length += more;
        } while (more == 255);
        return length;
    }

    private void literals(long length) {
        if (length > source.length - in) {
            throw new CorruptException("LZ4 literals of %d bytes at %d of %d".formatted(length, in, source.length));
        }
        int count = (int) Math.min(length, target.length - out);
        System.arraycopy(source, in, target, out, count);
        in += (int) length;
        out += count;
    }

    private void match(int distance, long length) {
        if (distance == 0 || distance > out) {
            throw new CorruptException("LZ4 match %d bytes back at %d".formatted(distance, out));
        }
        int end = (int) Math.min(target.length, out + length);
        while (out < end) {
            target[out] = target[out - distance];
            out++;
        }
    }

    private int next() {
        if (in >= source.length) {
            throw new CorruptException("LZ4 block ends inside a sequence");
        }
        return source[in++] & 0xff;
    }
}
