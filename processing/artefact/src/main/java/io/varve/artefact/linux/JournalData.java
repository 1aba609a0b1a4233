package io.varve.artefact.linux;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.varve.binary.CorruptException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.tukaani.xz.XZInputStream;

/// One `NAME=value` of a journal, decoded.
///
/// @param value text, or `hex:` and the first bytes of a value that is not text
/// @param whole false when the value was longer than [#LONGEST] and the rest was left out
record JournalData(String name, String value, boolean whole) {
    /// Longest payload decoded, in bytes; core dumps in journals are the reason for longer ones.
    static final int LONGEST = 1 << 20;

    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_HEX = 512;
    private static final int XZ_MEMORY_KIB = 128 << 10;

    /// Flags of a DATA object that say how its payload is compressed.
    static final int XZ = 1;

    static final int LZ4 = 2;
    static final int ZSTD = 4;

    /// At most [#LONGEST] + 1 bytes of the payload: one byte more says that there was more.
    static byte[] expand(byte[] raw, int flags) {
        try {
            return switch (flags) {
                case 0 -> raw;
                case XZ -> head(new XZInputStream(new ByteArrayInputStream(raw), XZ_MEMORY_KIB));
                case LZ4 -> lz4(raw);
                case ZSTD -> head(new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(raw)));
                default -> throw new CorruptException("data object has the flags %#x".formatted(flags));
            };
        } catch (ZstdIOException e) {
            throw new CorruptException("compressed value: zstd says " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CorruptException("compressed value: " + e, e);
        }
    }

    private static byte[] head(InputStream stream) throws IOException {
        try (stream) {
            return stream.readNBytes(LONGEST + 1);
        }
    }

    private static byte[] lz4(byte[] raw) {
        if (raw.length < 8) {
            throw new CorruptException("LZ4 value of %d bytes".formatted(raw.length));
        }
        long size = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        if (size < 0) {
            throw new CorruptException("LZ4 value says it is %s bytes".formatted(Long.toUnsignedString(size)));
        }
        int wanted = (int) Math.min(size, LONGEST + 1);
        byte[] text = Lz4Block.decode(raw, 8, wanted);
        if (text.length < wanted) {
            throw new CorruptException("LZ4 value has %d of %d bytes".formatted(text.length, size));
        }
        return text;
    }

    static JournalData of(byte[] payload) {
        int equals = 0;
        while (equals < payload.length && equals <= LONGEST_NAME && payload[equals] != '=') {
            equals++;
        }
        if (equals == 0 || equals >= payload.length || payload[equals] != '=') {
            throw new CorruptException("data object is not NAME=value");
        }
        for (int i = 0; i < equals; i++) {
            if (!isNameByte(payload[i])) {
                throw new CorruptException("data object has a name with the byte %#x".formatted(payload[i]));
            }
        }
        String name = new String(payload, 0, equals, StandardCharsets.US_ASCII);
        boolean whole = payload.length <= LONGEST;
        int end = whole ? payload.length : characterBoundary(payload, LONGEST);
        return new JournalData(name, text(name, payload, equals + 1, end), whole);
    }

    private static int characterBoundary(byte[] payload, int end) {
        int boundary = end;
        while (boundary > end - 4 && (payload[boundary] & 0xc0) == 0x80) {
            boundary--;
        }
        return boundary;
    }

    private static boolean isNameByte(byte b) {
        return b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b >= 'a' && b <= 'z';
    }

    private static String text(String name, byte[] payload, int start, int end) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload, start, end - start))
                    .toString();
        } catch (CharacterCodingException e) {
            if (name.equals("MESSAGE")) {
                return new String(payload, start, end - start, StandardCharsets.UTF_8);
            }
            return hex(Arrays.copyOfRange(payload, start, end));
        }
    }

    private static String hex(byte[] value) {
        int shown = Math.min(value.length, LONGEST_HEX);
        String digits = HexFormat.of().formatHex(value, 0, shown);
        return shown == value.length
                ? "hex:" + digits
                : "hex:%s… (%d of %d bytes)".formatted(digits, shown, value.length);
    }
}
