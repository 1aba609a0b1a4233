package io.varve.disk.container.udif;

import io.varve.binary.CorruptException;

/// LZVN, which LZFSE uses for small blocks: opcodes, each with up to three literals and a copy of what was written.
///
/// Written after <https://github.com/keramics/keramics/blob/main/docs/formats/src/lzvn.md>.
final class Lzvn {
    private final byte[] in;
    private final int inEnd;
    private final byte[] out;
    private final int outEnd;
    private int position;
    private int written;
    private int distance;

    private Lzvn(byte[] in, int start, int inEnd, byte[] out, int outStart, int outEnd) {
        this.in = in;
        this.position = start;
        this.inEnd = inEnd;
        this.out = out;
        this.written = outStart;
        this.outEnd = outEnd;
    }

    /// Fills `out` from `outStart` to `outEnd`; copies may reach back to its beginning.
    static void expand(byte[] in, int start, int inEnd, byte[] out, int outStart, int outEnd) {
        var lzvn = new Lzvn(in, start, inEnd, out, outStart, outEnd);
        boolean more = true;
        while (more) {
            more = lzvn.step();
        }
        if (lzvn.written != outEnd) {
            throw new CorruptException(
                    "LZVN: expands to %d bytes of %d".formatted(lzvn.written - outStart, outEnd - outStart));
        }
    }

    /// False at the end of the stream.
    private boolean step() {
        int code = next();
        int high = code >> 4;
        if (high == 0xe) {
            literals(code == 0xe0 ? next() + 16 : code & 0xf);
        } else if (high == 0xf) {
            copy(code == 0xf0 ? next() + 16 : code & 0xf);
        } else if (high == 0xa || high == 0xb) {
            int second = next();
            int third = next();
            distance = second >> 2 | third << 6;
            literals(code >> 3 & 3);
            copy(((code & 7) << 2 | second & 3) + 3);
        } else if (high == 7 || high == 0xd) {
            throw unknown(code);
        } else {
            return small(code);
        }
        return true;
    }

    private boolean small(int code) {
        int literals = code >> 6;
        switch (code & 7) {
            case 6 -> {
                if (literals == 0) {
                    return special(code);
                }
            }
            case 7 -> distance = next() | next() << 8;
            default -> distance = (code & 7) << 8 | next();
        }
        literals(literals);
        copy((code >> 3 & 7) + 3);
        return true;
    }

    /// Codes with no literals and no distance: the end and fillers.
    private static boolean special(int code) {
        return switch (code) {
            case 0x06 -> false;
            case 0x0e, 0x16 -> true;
            default -> throw unknown(code);
        };
    }

    private static CorruptException unknown(int code) {
        return new CorruptException("LZVN: unknown opcode %02x".formatted(code));
    }

    private int next() {
        if (position >= inEnd) {
            throw new CorruptException("LZVN: cut at offset %d".formatted(position));
        }
        return in[position++] & 0xff;
    }

    private void literals(int count) {
        if (count > inEnd - position || count > outEnd - written) {
            throw new CorruptException("LZVN: %d literals at offset %d do not fit".formatted(count, position));
        }
        System.arraycopy(in, position, out, written, count);
        position += count;
        written += count;
    }

    private void copy(int count) {
        Lzfse.copy(out, written, outEnd, distance, count);
        written += count;
    }
}
