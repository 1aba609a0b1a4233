package io.varve.disk.container.udif;

import io.varve.binary.CorruptException;

/// Apple Data Compression: literals and copies of what was written, told by the first byte.
///
/// Written after <https://github.com/keramics/keramics/blob/main/docs/formats/src/adc.md>.
final class Adc {
    private Adc() {}

    /// @return how many bytes came out
    static int expand(byte[] stored, byte[] target) {
        int in = 0;
        int out = 0;
        while (in < stored.length && out < target.length) {
            int code = stored[in] & 0xff;
            int header = code >= 0x80 ? 1 : code >= 0x40 ? 3 : 2;
            int length = code >= 0x80 ? (code & 0x7f) + 1 : code >= 0x40 ? (code & 0x3f) + 4 : (code >> 2) + 3;
            int needed = code >= 0x80 ? header + length : header;
            if (needed > stored.length - in || length > target.length - out) {
                throw new CorruptException("ADC: %d bytes at offset %d do not fit".formatted(length, in));
            }
            if (code >= 0x80) {
                System.arraycopy(stored, in + 1, target, out, length);
            } else {
                int distance = code >= 0x40
                        ? ((stored[in + 1] & 0xff) << 8 | stored[in + 2] & 0xff) + 1
                        : ((code & 3) << 8 | stored[in + 1] & 0xff) + 1;
                if (distance > out) {
                    throw new CorruptException("ADC: distance %d at offset %d".formatted(distance, in));
                }
                for (int i = 0; i < length; i++) {
                    target[out + i] = target[out + i - distance];
                }
            }
            in += needed;
            out += length;
        }
        return out;
    }
}
