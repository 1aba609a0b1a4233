package io.varve.provider.endpoint.agent.host;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// File names as text and as the bytes they are: a name is bytes on Linux, mostly but not always UTF-8.
public final class Names {
    private Names() {}

    /// Bytes that are not UTF-8 are written `%XX`, and `%` itself `%25`.
    public static String text(byte[] name) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(name);
        CharBuffer out = CharBuffer.allocate(name.length + 1);
        var text = new StringBuilder(name.length + 8);
        while (in.hasRemaining()) {
            CoderResult result = decoder.decode(in, out, true);
            text.append(out.flip().toString().replace("%", "%25"));
            out.clear();
            for (int odd = result.isError() ? result.length() : 0; odd > 0; odd--) {
                text.append("%%%02X".formatted(in.get()));
            }
            decoder.reset();
        }
        return text.toString();
    }

    /// The bytes of a path as the kernel knows it.
    public static byte[] bytes(Path path) {
        String text = path.toString();
        if (text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        // Only the URI form keeps bytes that are not text in this locale, and it is always absolute.
        String absolute = Path.of("/").resolve(path).toUri().getRawPath();
        String uri = path.isAbsolute() ? absolute : absolute.substring(1);
        var bytes = new ByteArrayOutputStream(uri.length());
        for (int i = 0; i < uri.length(); i++) {
            if (uri.charAt(i) == '%') {
                bytes.write(Integer.parseInt(uri, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(uri.charAt(i));
            }
        }
        byte[] raw = bytes.toByteArray();
        boolean slashAdded = raw.length > 1 && raw[raw.length - 1] == '/';
        return slashAdded ? java.util.Arrays.copyOf(raw, raw.length - 1) : raw;
    }
}
