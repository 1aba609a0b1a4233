package io.varve.disk.filesystem.ntfs;

import io.varve.binary.CorruptException;
import io.varve.disk.LittleEndian;

/// LZNT1, the compression of NTFS itself ([MS-XCA] section 2.5).
final class Lznt1 {
    private static final int CHUNK = 4096;
    private static final int COMPRESSED = 0x8000;

    private Lznt1() {}

    /// Expands chunks until the target is full or the source says that it ends; the rest of the target stays as it is.
    static void expand(byte[] source, int length, byte[] target, int size) {
        int at = 0;
        for (int to = 0; to < size && at <= length - 2; to += CHUNK) {
            int header = LittleEndian.u16(source, at);
            if (header == 0) {
                return;
            }
            int end = at + 3 + (header & 0xfff);
            at += 2;
            if (end > length) {
                throw new CorruptException("LZNT1 chunk of %d bytes with %d left".formatted(end - at, length - at));
            }
            int room = Math.min(CHUNK, size - to);
            if ((header & COMPRESSED) == 0) {
                System.arraycopy(source, at, target, to, Math.min(end - at, room));
            } else {
                chunk(source, at, end, target, to, to + room);
            }
            at = end;
        }
    }

    private static void chunk(byte[] source, int from, int end, byte[] target, int start, int limit) {
        int at = from;
        int to = start;
        int lengthBits = 12;
        while (at < end && to < limit) {
            int flags = source[at++];
            for (int bit = 0; bit < 8 && at < end && to < limit; bit++) {
                if ((flags & 1 << bit) == 0) {
                    target[to++] = source[at++];
                    continue;
                }
                if (at > end - 2) {
                    throw new CorruptException("LZNT1 chunk ends in the middle of a match");
                }
                // the further into the chunk, the more bits say how far back a match lies
                while (lengthBits > 4 && to - start > 1 << 16 - lengthBits) {
                    lengthBits--;
                }
                int token = LittleEndian.u16(source, at);
                at += 2;
                int match = to - (token >>> lengthBits) - 1;
                int length = (token & (1 << lengthBits) - 1) + 3;
                if (match < start) {
                    throw new CorruptException(
                            "LZNT1 match begins %d bytes in front of its chunk".formatted(start - match));
                }
                for (int stop = Math.min(limit, to + length); to < stop; ) {
                    target[to++] = target[match++];
                }
            }
        }
    }
}
