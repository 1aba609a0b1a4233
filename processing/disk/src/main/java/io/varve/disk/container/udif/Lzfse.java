package io.varve.disk.container.udif;

import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.binary.Limits;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// LZFSE: blocks of literals and of triples (how many literals, how long a copy, from how far), both coded by finite
/// state entropy and read from their end.
///
/// Written after <https://github.com/keramics/keramics/blob/main/docs/formats/src/lzfse.md> and what the reference
/// implementation, <https://github.com/lzfse/lzfse>, states of the tables.
final class Lzfse {
    private static final int END = 0x2478_7662;
    private static final int PLAIN = 0x2d78_7662;
    private static final int TABLES_PLAIN = 0x3178_7662;
    private static final int TABLES_PACKED = 0x3278_7662;
    private static final int LZVN = 0x6e78_7662;

    private static final int L_SYMBOLS = 20;
    private static final int M_SYMBOLS = 20;
    private static final int D_SYMBOLS = 64;
    private static final int LITERAL_SYMBOLS = 256;
    private static final int SYMBOLS = L_SYMBOLS + M_SYMBOLS + D_SYMBOLS + LITERAL_SYMBOLS;
    private static final int MOST_LITERALS = 40_000;

    private static final int[] L_EXTRA = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 5, 8};
    private static final int[] M_EXTRA = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 5, 8, 11};
    private static final int[] D_EXTRA = distances();
    private static final int[] L_BASES = bases(L_EXTRA);
    private static final int[] M_BASES = bases(M_EXTRA);
    private static final int[] D_BASES = bases(D_EXTRA);

    private final byte[] in;
    private final byte[] out;
    private int position;
    private int written;

    private Lzfse(byte[] in, byte[] out) {
        this.in = in;
        this.out = out;
    }

    private static int[] distances() {
        int[] extra = new int[D_SYMBOLS];
        for (int i = 0; i < D_SYMBOLS; i++) {
            extra[i] = i / 4;
        }
        return extra;
    }

    /// The first value of each symbol: they follow one another without gaps.
    private static int[] bases(int[] extra) {
        int[] bases = new int[extra.length];
        for (int i = 1; i < bases.length; i++) {
            bases[i] = bases[i - 1] + (1 << extra[i - 1]);
        }
        return bases;
    }

    /// @return how many bytes came out
    static int expand(byte[] stored, byte[] target) {
        var lzfse = new Lzfse(stored, target);
        while (lzfse.block()) {
            // goes on until the end block or until all is there
        }
        return lzfse.written;
    }

    private boolean block() {
        if (written == out.length) {
            return false;
        }
        Cursor cursor = Cursor.littleEndian(MemorySegment.ofArray(in)).at(position);
        int magic = cursor.i32("LZFSE block magic");
        if (magic == END) {
            return false;
        }
        int size = Limits.check(cursor.u32("LZFSE block size"), out.length - written, "LZFSE block size");
        switch (magic) {
            case PLAIN -> {
                cursor.bytes(size, "LZFSE plain block");
                System.arraycopy(in, position + 8, out, written, size);
                position += 8 + size;
                written += size;
            }
            case LZVN -> {
                int length = (int) cursor.u32("LZVN length");
                cursor.bytes(length & 0xffff_ffffL, "LZVN block");
                Lzvn.expand(in, position + 12, position + 12 + length, out, written, written + size);
                position += 12 + length;
                written += size;
            }
            case TABLES_PACKED, TABLES_PLAIN ->
                compressed(magic == TABLES_PACKED ? packed(cursor) : plain(cursor), size);
            default -> throw new CorruptException("LZFSE: unknown block %08x at offset %d".formatted(magic, position));
        }
        return true;
    }

    /// The header of a compressed block.
    ///
    /// @param states of the four literal streams, then of L, M and D
    private record Header(
            int length,
            int literals,
            int literalBytes,
            int literalBits,
            int triples,
            int tripleBytes,
            int tripleBits,
            int[] states,
            int[] frequencies) {}

    private static int field(long packed, int start, int bits) {
        return (int) (packed >>> start & (1L << bits) - 1);
    }

    private Header packed(Cursor cursor) {
        long first = cursor.i64("LZFSE header");
        long second = cursor.i64("LZFSE header");
        long third = cursor.i64("LZFSE header");
        int length = Limits.check(third & 0xffff_ffffL, in.length - position, "LZFSE header length");
        return new Header(
                length,
                field(first, 0, 20),
                field(first, 20, 20),
                field(first, 60, 3) - 7,
                field(first, 40, 20),
                field(second, 40, 20),
                field(second, 60, 3) - 7,
                new int[] {
                    field(second, 0, 10),
                    field(second, 10, 10),
                    field(second, 20, 10),
                    field(second, 30, 10),
                    field(third, 32, 10),
                    field(third, 42, 10),
                    field(third, 52, 10)
                },
                frequencies(position + 32, position + length));
    }

    private static Header plain(Cursor cursor) {
        cursor.skip(4, "LZFSE payload length");
        int literals = cursor.i32("literals");
        int triples = cursor.i32("triples");
        int literalBytes = cursor.i32("literal bytes");
        int tripleBytes = cursor.i32("triple bytes");
        int literalBits = cursor.i32("literal bits");
        int[] states = new int[7];
        for (int i = 0; i < 4; i++) {
            states[i] = cursor.u16("literal state");
        }
        int tripleBits = cursor.i32("triple bits");
        for (int i = 4; i < 7; i++) {
            states[i] = cursor.u16("state");
        }
        int[] frequencies = new int[SYMBOLS];
        for (int i = 0; i < SYMBOLS; i++) {
            frequencies[i] = cursor.u16("frequency");
        }
        // two bytes of padding at its end
        return new Header(
                772, literals, literalBytes, literalBits, triples, tripleBytes, tripleBits, states, frequencies);
    }

    /// Frequencies of 2 to 14 bits each, the commonest shortest.
    private int[] frequencies(int start, int end) {
        int[] frequencies = new int[SYMBOLS];
        long bits = 0;
        int count = 0;
        int at = start;
        for (int i = 0; i < SYMBOLS && start < end; i++) {
            while (count <= 24 && at < end) {
                bits |= (in[at++] & 0xffL) << count;
                count += 8;
            }
            int low = (int) bits & 31;
            int length;
            if ((low & 3) == 0 || (low & 3) == 2) {
                length = 2;
                frequencies[i] = (low & 3) == 0 ? 0 : 1;
            } else if ((low & 7) == 1 || (low & 7) == 5) {
                length = 3;
                frequencies[i] = (low & 7) == 1 ? 2 : 3;
            } else if ((low & 7) == 3) {
                length = 5;
                frequencies[i] = 4 + (low >> 3);
            } else if ((low & 15) == 7) {
                length = 8;
                frequencies[i] = 8 + ((int) (bits >> 4) & 15);
            } else {
                length = 14;
                frequencies[i] = 24 + ((int) (bits >> 4) & 1023);
            }
            if (length > count) {
                throw new CorruptException("LZFSE: frequencies are cut");
            }
            bits >>>= length;
            count -= length;
        }
        return frequencies;
    }

    private void compressed(Header header, int size) {
        long payload = (long) header.length + header.literalBytes + header.tripleBytes;
        Limits.check(header.literals, MOST_LITERALS, "LZFSE literals");
        Limits.check(header.literalBytes, in.length, "LZFSE literal bytes");
        Limits.check(header.tripleBytes, in.length, "LZFSE triple bytes");
        Limits.check(header.triples, in.length * 8, "LZFSE triples");
        Limits.check(payload, in.length - position, "LZFSE payload");
        int start = position + header.length;
        byte[] literals = literals(header, start);
        int tripleStart = start + header.literalBytes;
        triples(
                header,
                literals,
                new BackwardBits(in, tripleStart, tripleStart + header.tripleBytes, header.tripleBits),
                size);
        position += (int) payload;
    }

    private byte[] literals(Header header, int start) {
        StateTable table = StateTable.of(header.frequencies, L_SYMBOLS + M_SYMBOLS + D_SYMBOLS, LITERAL_SYMBOLS, 1024);
        var bits = new BackwardBits(in, start, start + header.literalBytes, header.literalBits);
        int[] states = header.states.clone();
        byte[] literals = new byte[header.literals];
        for (int i = 0; i < literals.length; i++) {
            int state = states[i & 3];
            literals[i] = (byte) table.symbol(state);
            states[i & 3] = table.next(state, bits);
        }
        return literals;
    }

    private void triples(Header header, byte[] literals, BackwardBits bits, int size) {
        StateTable lengths = StateTable.of(header.frequencies, 0, L_SYMBOLS, 64);
        StateTable copies = StateTable.of(header.frequencies, L_SYMBOLS, M_SYMBOLS, 64);
        StateTable distances = StateTable.of(header.frequencies, L_SYMBOLS + M_SYMBOLS, D_SYMBOLS, 256);
        int l = header.states[4];
        int m = header.states[5];
        int d = header.states[6];
        int end = written + size;
        int literal = 0;
        int distance = 0;
        for (int i = 0; i < header.triples; i++) {
            int symbol = lengths.symbol(l);
            l = lengths.next(l, bits);
            int count = L_BASES[symbol] + bits.take(L_EXTRA[symbol]);
            symbol = copies.symbol(m);
            m = copies.next(m, bits);
            int copied = M_BASES[symbol] + bits.take(M_EXTRA[symbol]);
            symbol = distances.symbol(d);
            d = distances.next(d, bits);
            int far = D_BASES[symbol] + bits.take(D_EXTRA[symbol]);
            distance = far == 0 ? distance : far;
            if (count > literals.length - literal || count > end - written) {
                throw new CorruptException("LZFSE: %d literals do not fit".formatted(count));
            }
            System.arraycopy(literals, literal, out, written, count);
            literal += count;
            written += count;
            copy(out, written, end, distance, copied);
            written += copied;
        }
        if (written != end) {
            throw new CorruptException("LZFSE: %d bytes of a block are missing".formatted(end - written));
        }
    }

    /// Finite state entropy: each state stands for a symbol, and says how many bits give the next state.
    private record StateTable(short[] symbols, byte[] counts, int[] deltas) {
        static StateTable of(int[] frequencies, int start, int symbols, int states) {
            var table = new StateTable(new short[states], new byte[states], new int[states]);
            Arrays.fill(table.symbols, (short) -1);
            int at = 0;
            for (int symbol = 0; symbol < symbols; symbol++) {
                int frequency = frequencies[start + symbol];
                if (frequency > states - at) {
                    throw new CorruptException("LZFSE: frequencies of more than %d states".formatted(states));
                }
                int bits = Integer.numberOfLeadingZeros(frequency) - Integer.numberOfLeadingZeros(states);
                int longer = (2 * states >> bits) - frequency;
                for (int i = 0; i < frequency; i++, at++) {
                    table.symbols[at] = (short) symbol;
                    table.counts[at] = (byte) (i < longer ? bits : bits - 1);
                    table.deltas[at] = i < longer ? (frequency + i << bits) - states : i - longer << bits - 1;
                }
            }
            return table;
        }

        int symbol(int state) {
            if (state >= symbols.length || symbols[state] < 0) {
                throw new CorruptException("LZFSE: unknown state %d".formatted(state));
            }
            return symbols[state];
        }

        int next(int state, BackwardBits bits) {
            return deltas[state] + bits.take(counts[state]);
        }
    }

    /// Bits read from the end of a part of the bytes to its beginning.
    private static final class BackwardBits {
        private final byte[] in;
        private final long start;
        private long position;

        /// @param surplus bits at the end that do not count, negative
        BackwardBits(byte[] in, int start, int end, int surplus) {
            this.in = in;
            this.start = start * 8L;
            this.position = end * 8L + Limits.check(surplus + 7L, 7, "LZFSE surplus bits") - 7;
        }

        /// At most 25 bits.
        int take(int count) {
            position -= count;
            if (position < start) {
                throw new CorruptException("LZFSE: a bit stream is cut");
            }
            int index = (int) (position >> 3);
            int value = 0;
            for (int i = 0; i < 4 && index + i < in.length; i++) {
                value |= (in[index + i] & 0xff) << 8 * i;
            }
            return value >>> (position & 7) & (1 << count) - 1;
        }
    }

    /// Copies bytes written before; the copy may overlap what it writes.
    static void copy(byte[] out, int written, int end, int distance, int count) {
        if (count > end - written || count > 0 && (distance <= 0 || distance > written)) {
            throw new CorruptException(
                    "LZFSE: copy of %d bytes from %d before does not fit".formatted(count, distance));
        }
        for (int i = 0; i < count; i++) {
            out[written + i] = out[written + i - distance];
        }
    }
}
