package io.varve.disk.container.compressed;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/// Expands a deflate stream and can say, between any two symbols, all that is needed to go on from there later. The
/// JDK's inflater cannot: it neither tells nor takes a position in bits.
///
/// Written after RFC 1951. For one thread at a time.
final class Inflate {
    static final int WINDOW = 32 << 10;

    /// Bytes expanded at a time.
    private static final int SPAN = 128 << 10;

    private static final int FULL = WINDOW + SPAN;
    private static final int LONGEST_MATCH = 258;
    private static final int INPUT = 64 << 10;

    /// More than the header of a block takes.
    private static final int MARGIN = 1024;

    /// More than a symbol takes.
    private static final int CAREFUL = 16;

    private static final int[] ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    private static final byte[] FIXED = fixed();
    private static final int FIXED_LITERALS = 288;
    private static final int MOST_LITERALS = 286;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Bytes source;
    private final byte[] in = new byte[INPUT + 2 * CAREFUL];
    private long inStart;
    private int inPosition;
    private int inEnd;
    private boolean inLast;
    private long bits;
    private int bitCount;

    private final byte[] out = new byte[FULL + LONGEST_MATCH];
    private int outPosition;
    private int taken;
    private int historyStart;

    private Where where = Where.HEADER;
    private boolean lastBlock;
    private int stored;
    private byte[] lengths = FIXED;
    private int literalCount;
    private final HuffmanTable literals = new HuffmanTable(10, HuffmanTable.Meaning.LITERALS_AND_LENGTHS);
    private final HuffmanTable distances = new HuffmanTable(8, HuffmanTable.Meaning.DISTANCES);
    private Optional<CorruptException> failure = Optional.empty();

    /// What comes next in the stream.
    enum Where {
        HEADER,
        STORED,
        CODES,
        END
    }

    /// All that is needed to go on.
    ///
    /// @param bit position in the source, in bits
    /// @param window the bytes before, at most [#WINDOW]
    /// @param stored bytes left of a stored block
    /// @param lengths of the codes of the block, those of literals first
    record State(long bit, byte[] window, Where where, boolean lastBlock, int stored, byte[] lengths, int literals) {
        static State start(long offset) {
            return new State(offset * 8, new byte[0], Where.HEADER, false, 0, new byte[0], 0);
        }
    }

    Inflate(Bytes source) {
        this.source = source;
    }

    private static byte[] fixed() {
        byte[] lengths = new byte[FIXED_LITERALS + 30];
        Arrays.fill(lengths, 0, 144, (byte) 8);
        Arrays.fill(lengths, 144, 256, (byte) 9);
        Arrays.fill(lengths, 256, 280, (byte) 7);
        Arrays.fill(lengths, 280, FIXED_LITERALS, (byte) 8);
        Arrays.fill(lengths, FIXED_LITERALS, lengths.length, (byte) 5);
        return lengths;
    }

    /// Goes on from there.
    void start(State state) throws IOException {
        failure = Optional.empty();
        System.arraycopy(state.window, 0, out, 0, state.window.length);
        historyStart = 0;
        outPosition = state.window.length;
        taken = outPosition;
        where = state.where;
        lastBlock = state.lastBlock;
        stored = state.stored;
        lengths = state.lengths;
        literalCount = state.literals;
        seek(state.bit);
        if (where == Where.CODES) {
            literals.build(lengths, 0, literalCount);
            distances.build(lengths, literalCount, lengths.length - literalCount);
        }
    }

    private void seek(long bit) throws IOException {
        long offset = bit / 8;
        boolean inside = offset >= inStart && offset <= inStart + inEnd;
        inPosition = inside ? (int) (offset - inStart) : 0;
        if (!inside) {
            inStart = offset;
            inEnd = 0;
            inLast = false;
        }
        bits = 0;
        bitCount = 0;
        fill();
        refill();
        drop((int) (bit % 8));
    }

    /// Where the next symbol begins, what was taken or not.
    State state() {
        byte[] window = Arrays.copyOfRange(out, Math.max(historyStart, outPosition - WINDOW), outPosition);
        return new State(bit(), window, where, lastBlock, stored, lengths, literalCount);
    }

    /// Bytes expanded and not taken yet.
    int ready() {
        return outPosition - taken;
    }

    boolean ended() {
        return where == Where.END && ready() == 0;
    }

    Optional<CorruptException> failure() {
        return failure;
    }

    /// Where the stream's last byte ends in the source; known at its end.
    long end() {
        return (bit() + 7) / 8;
    }

    /// As many bytes as wanted, fewer at the end of the stream or before a damage.
    int read(byte[] target, int start, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (ready() > 0) {
                int count = Math.min(ready(), length - done);
                System.arraycopy(out, taken, target, start + done, count);
                taken += count;
                done += count;
            } else if (where == Where.END || failure.isPresent()) {
                break;
            } else {
                expand();
            }
        }
        return done;
    }

    private void expand() throws IOException {
        if (outPosition >= FULL) {
            int slide = outPosition - WINDOW;
            System.arraycopy(out, slide, out, 0, WINDOW);
            outPosition = WINDOW;
            taken = WINDOW;
            historyStart = Math.max(0, historyStart - slide);
        }
        fill();
        try {
            switch (where) {
                case HEADER -> header();
                case STORED -> stored();
                case CODES -> codes();
                case END -> {}
            }
        } catch (CorruptException e) {
            failure = Optional.of(e);
        }
    }

    private void fill() throws IOException {
        if (inLast || inEnd - inPosition >= MARGIN) {
            return;
        }
        // a stored block begins at a byte that may lie among the bits that are ready
        int again = Math.min(inPosition, Long.BYTES);
        int from = inPosition - again;
        int rest = inEnd - from;
        System.arraycopy(in, from, in, 0, rest);
        long at = inStart + from;
        long left = Math.max(0, source.size() - at - rest);
        int count = (int) Math.min(left, INPUT - rest);
        source.read(at + rest, in, rest, count);
        inStart = at;
        inPosition = again;
        inEnd = rest + count;
        inLast = count == left;
        if (inLast) {
            Arrays.fill(in, inEnd, in.length, (byte) 0);
        }
    }

    /// Position of the next bit in the source.
    private long bit() {
        return (inStart + inPosition) * 8 - bitCount;
    }

    /// Makes at least 56 bits ready; the bits above them are right too, and come again with the next refill.
    private void refill() {
        if (inPosition >= inEnd + CAREFUL) {
            throw cut();
        }
        bits |= (long) LONG.get(in, inPosition) << bitCount;
        inPosition += 63 - bitCount >>> 3;
        bitCount |= 56;
    }

    private void drop(int count) {
        bits >>>= count;
        bitCount -= count;
    }

    private int take(int count) {
        int value = (int) bits & (1 << count) - 1;
        drop(count);
        return value;
    }

    private CorruptException cut() {
        return new CorruptException("deflate: the compressed bytes are cut at offset %d".formatted(inStart + inEnd));
    }

    private void refuseOverrun() {
        if (inPosition * 8L - bitCount > inEnd * 8L) {
            throw cut();
        }
    }

    private void header() {
        if (lastBlock) {
            where = Where.END;
            return;
        }
        refill();
        lastBlock = take(1) == 1;
        int type = take(2);
        refuseOverrun();
        switch (type) {
            case 0 -> {
                inPosition = (int) ((inPosition * 8L - bitCount + 7) / 8);
                bits = 0;
                bitCount = 0;
                refill();
                int length = take(16);
                int complement = take(16);
                refuseOverrun();
                if ((length ^ complement) != 0xffff) {
                    throw new CorruptException(
                            "deflate: length of a stored block at offset %d is damaged".formatted(bit() / 8));
                }
                stored = length;
                inPosition -= bitCount / 8;
                bits = 0;
                bitCount = 0;
                where = Where.STORED;
            }
            case 1 -> block(FIXED, FIXED_LITERALS);
            case 2 -> dynamic();
            default -> throw new CorruptException("deflate: unknown block type at offset %d".formatted(bit() / 8));
        }
    }

    private void block(byte[] codeLengths, int count) {
        lengths = codeLengths;
        literalCount = count;
        literals.build(lengths, 0, literalCount);
        distances.build(lengths, literalCount, lengths.length - literalCount);
        where = Where.CODES;
    }

    private void dynamic() {
        int literalLengths = take(5) + 257;
        int distanceLengths = take(5) + 1;
        int codeLengths = take(4) + 4;
        if (literalLengths > MOST_LITERALS) {
            throw new CorruptException("deflate: %d literal codes at offset %d".formatted(literalLengths, bit() / 8));
        }
        byte[] code = new byte[ORDER.length];
        for (int i = 0; i < codeLengths; i++) {
            if (bitCount < 3) {
                refill();
            }
            code[ORDER[i]] = (byte) take(3);
        }
        var table = new HuffmanTable(7, HuffmanTable.Meaning.CODE_LENGTHS);
        table.build(code, 0, code.length);
        byte[] read = new byte[literalLengths + distanceLengths];
        int position = 0;
        while (position < read.length) {
            refill();
            int entry = table.entries[(int) bits & 0x7f];
            if (entry >>> 8 == HuffmanTable.INVALID) {
                throw new CorruptException("deflate: unknown code length at offset %d".formatted(bit() / 8));
            }
            drop(entry & 0xf);
            int symbol = entry >>> 16;
            if (symbol < 16) {
                read[position++] = (byte) symbol;
                continue;
            }
            byte repeated = 0;
            if (symbol == 16) {
                if (position == 0) {
                    throw new CorruptException("deflate: repeats no code length at offset %d".formatted(bit() / 8));
                }
                repeated = read[position - 1];
            }
            int count = symbol == 16 ? 3 + take(2) : symbol == 17 ? 3 + take(3) : 11 + take(7);
            if (count > read.length - position) {
                throw new CorruptException("deflate: too many code lengths at offset %d".formatted(bit() / 8));
            }
            Arrays.fill(read, position, position + count, repeated);
            position += count;
        }
        refuseOverrun();
        block(read, literalLengths);
    }

    private void stored() {
        int count = Math.min(Math.min(stored, inEnd - inPosition), FULL - outPosition);
        if (count == 0 && stored > 0) {
            throw cut();
        }
        System.arraycopy(in, inPosition, out, outPosition, count);
        inPosition += count;
        outPosition += count;
        stored -= count;
        if (stored == 0) {
            where = Where.HEADER;
        }
    }

    /// Expands symbols until the block ends, the output is full or the input runs out.
    private void codes() {
        int[] first = literals.entries;
        int[] second = distances.entries;
        int firstMask = (1 << literals.bits) - 1;
        int secondMask = (1 << distances.bits) - 1;
        int careful = inEnd - CAREFUL;
        while (outPosition < FULL && where == Where.CODES) {
            if (inPosition > careful && !inLast) {
                return;
            }
            int before = outPosition;
            refill();
            int entry = first[(int) bits & firstMask];
            if ((entry & 0xf00) == 0) {
                // most symbols are literals: a second one needs no refill
                drop(entry & 0xf);
                out[outPosition++] = (byte) (entry >>> 16);
                entry = first[(int) bits & firstMask];
            }
            symbol(entry, first, second, secondMask);
            if (inPosition > careful && inPosition * 8L - bitCount > inEnd * 8L) {
                outPosition = before;
                throw cut();
            }
        }
    }

    private void symbol(int looked, int[] first, int[] second, int secondMask) {
        int entry = looked;
        if ((entry >>> 8 & 0xf) == HuffmanTable.SECOND) {
            drop(entry & 0xf);
            entry = first[(entry >>> 16) + ((int) bits & (1 << (entry >>> 4 & 0xf)) - 1)];
        }
        drop(entry & 0xf);
        switch (entry >>> 8 & 0xf) {
            case HuffmanTable.LITERAL -> out[outPosition++] = (byte) (entry >>> 16);
            case HuffmanTable.BASE -> {
                int length = (entry >>> 16) + take(entry >>> 4 & 0xf);
                if (bitCount < 28) {
                    refill();
                }
                int far = second[(int) bits & secondMask];
                if ((far >>> 8 & 0xf) == HuffmanTable.SECOND) {
                    drop(far & 0xf);
                    far = second[(far >>> 16) + ((int) bits & (1 << (far >>> 4 & 0xf)) - 1)];
                }
                drop(far & 0xf);
                if ((far >>> 8 & 0xf) != HuffmanTable.BASE) {
                    throw new CorruptException("deflate: unknown distance code at offset %d".formatted(bit() / 8));
                }
                match(length, (far >>> 16) + take(far >>> 4 & 0xf));
            }
            case HuffmanTable.END -> where = Where.HEADER;
            default -> throw new CorruptException("deflate: unknown code at offset %d".formatted(bit() / 8));
        }
    }

    private void match(int length, int distance) {
        int from = outPosition - distance;
        if (from < historyStart) {
            throw new CorruptException(
                    "deflate: distance %d reaches before the start at offset %d".formatted(distance, bit() / 8));
        }
        if (distance >= length) {
            System.arraycopy(out, from, out, outPosition, length);
        } else if (distance == 1) {
            Arrays.fill(out, outPosition, outPosition + length, out[from]);
        } else {
            for (int i = 0; i < length; i++) {
                out[outPosition + i] = out[from + i];
            }
        }
        outPosition += length;
    }
}
