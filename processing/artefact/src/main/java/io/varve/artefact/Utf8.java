package io.varve.artefact;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Text from evidence that should be UTF-8 and may not be.
public final class Utf8 {
    private Utf8() {}

    /// The text, with each byte that is not UTF-8 written `\xHH`.
    public static String tolerant(byte[] raw) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(raw);
        CharBuffer out = CharBuffer.allocate(raw.length);
        if (decoder.decode(in, out, true).isUnderflow()) {
            return out.flip().toString();
        }
        var text = new StringBuilder(raw.length + 16);
        in.rewind();
        out.clear();
        while (true) {
            CoderResult result = decoder.reset().decode(in, out, true);
            text.append(out.flip());
            out.clear();
            if (result.isUnderflow()) {
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                text.append("\\x").append(HexFormat.of().withUpperCase().toHexDigits(in.get()));
            }
        }
    }
}
