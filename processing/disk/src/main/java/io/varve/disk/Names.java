package io.varve.disk;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Names of files as text, one way everywhere.
///
/// A name is UTF-8. Bytes that are not are written `%XX` (upper-case hexadecimal). A `%` that two hexadecimal digits
/// follow is written `%25`, so replacing every `%XX` by its byte gives the name back. In paths, a segment `..` is
/// written
/// `%2E%2E` and a `!` at the end of a folder's name `%21`, so that no name can climb out of its archive or look like
/// one.
public final class Names {
    /// Longest path read from an archive, in bytes.
    public static final int LONGEST = 65_535;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Names() {}

    /// The last name of a path on this machine.
    public static String of(Path path) {
        Path last = path.getFileName();
        if (last == null) {
            return "";
        }
        String text = last.toString();
        if (isAscii(text)) {
            return segment(text);
        }
        String uri = path.toUri().getRawPath();
        String raw = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
        return segment(text(percentDecoded(raw.substring(raw.lastIndexOf('/') + 1))));
    }

    /// Raw bytes of a name or path as text.
    public static String text(byte[] raw) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        try {
            return escapePercent(decoder.decode(ByteBuffer.wrap(raw)).toString());
        } catch (CharacterCodingException e) {
            return mixed(raw, decoder);
        }
    }

    /// A path inside an archive: no leading `/`, no empty or `.` segments; empty for the root itself.
    public static String member(String path) {
        List<String> segments = new ArrayList<>();
        for (String part : path.split("/")) {
            if (!part.isEmpty() && !part.equals(".")) {
                segments.add(segment(part));
            }
        }
        for (int i = 0; i < segments.size() - 1; i++) {
            String folder = segments.get(i);
            if (folder.endsWith("!")) {
                segments.set(i, folder.substring(0, folder.length() - 1) + "%21");
            }
        }
        return String.join("/", segments);
    }

    /// One name in a path.
    static String segment(String name) {
        if (name.equals("..")) {
            return "%2E%2E";
        }
        return name.replace("/", "%2F").replace("\0", "%00");
    }

    /// The name of a folder in a path.
    static String folder(String name) {
        return name.endsWith("!") ? name.substring(0, name.length() - 1) + "%21" : name;
    }

    private static String mixed(byte[] raw, CharsetDecoder decoder) {
        var text = new StringBuilder();
        ByteBuffer in = ByteBuffer.wrap(raw);
        CharBuffer out = CharBuffer.allocate(raw.length + 1);
        while (true) {
            CoderResult result = decoder.reset().decode(in, out, true);
            text.append(escapePercent(out.flip().toString()));
            out.clear();
            if (!result.isError()) {
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                text.append('%').append(HEX.toHexDigits(in.get()));
            }
        }
    }

    private static String escapePercent(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        var escaped = new StringBuilder(text.length() + 2);
        for (int i = 0; i < text.length(); i++) {
            escaped.append(text.charAt(i));
            if (text.charAt(i) == '%' && i + 2 < text.length() && isHex(text, i + 1) && isHex(text, i + 2)) {
                escaped.append("25");
            }
        }
        return escaped.toString();
    }

    private static boolean isHex(String text, int at) {
        return HexFormat.isHexDigit(text.charAt(at));
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80 && c != '%');
    }

    private static byte[] percentDecoded(String uri) {
        byte[] ascii = uri.getBytes(StandardCharsets.US_ASCII);
        byte[] raw = new byte[ascii.length];
        int length = 0;
        for (int i = 0; i < ascii.length; i++) {
            if (ascii[i] == '%') {
                raw[length++] = (byte) HexFormat.fromHexDigits(uri, i + 1, i + 3);
                i += 2;
            } else {
                raw[length++] = ascii[i];
            }
        }
        return java.util.Arrays.copyOf(raw, length);
    }
}
