package io.varve.disk;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// Names of files as text, one way everywhere.
///
/// A name is UTF-8. Bytes that are not are written `%XX` (upper-case hexadecimal) and `%` itself `%25`, so replacing
/// every `%XX` by its byte gives the name back; the endpoint agent writes names the same way. In paths, a segment `..`
/// is
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
        return last == null ? "" : segment(text(raw(last)));
    }

    /// A path on this machine, e.g. the target of a link, as text.
    static String whole(Path path) {
        return text(raw(path));
    }

    /// Raw bytes of a name or path as text.
    public static String text(byte[] raw) {
        return decoded(raw, true);
    }

    /// The same for names that were escaped when they were written, as in a capture archive.
    public static String escaped(byte[] raw) {
        return decoded(raw, false);
    }

    /// A name stored as UTF-16. Halves of surrogate pairs that stand alone are written as the three bytes that UTF-8
    /// would give them, escaped.
    public static String utf16(String name) {
        var text = new StringBuilder(name.length() + 8);
        name.codePoints().forEach(point -> {
            if (point == '%') {
                text.append("%25");
            } else if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                for (int part : new int[] {0xe0 | point >> 12, 0x80 | point >> 6 & 0x3f, 0x80 | point & 0x3f}) {
                    text.append('%').append(HEX.toHexDigits((byte) part));
                }
            } else {
                text.appendCodePoint(point);
            }
        });
        return text.toString();
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

    /// One name in a path, safe in it.
    public static String segment(String name) {
        if (name.equals("..")) {
            return "%2E%2E";
        }
        return name.replace("/", "%2F").replace("\0", "%00");
    }

    /// The name of a folder in a path.
    static String folder(String name) {
        return name.endsWith("!") ? name.substring(0, name.length() - 1) + "%21" : name;
    }

    private static String decoded(byte[] raw, boolean escapePercent) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(raw);
        CharBuffer out = CharBuffer.allocate(raw.length + 1);
        var text = new StringBuilder(raw.length + 8);
        while (in.hasRemaining()) {
            CoderResult result = decoder.reset().decode(in, out, true);
            String part = out.flip().toString();
            text.append(escapePercent ? part.replace("%", "%25") : part);
            out.clear();
            for (int odd = result.isError() ? result.length() : 0; odd > 0; odd--) {
                text.append('%').append(HEX.toHexDigits(in.get()));
            }
        }
        return text.toString();
    }

    /// The bytes of a path as the kernel knows it; only the URI form keeps those that are not text in this locale.
    private static byte[] raw(Path path) {
        String text = path.toString();
        if (text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        String absolute = Path.of("/").resolve(path).toUri().getRawPath();
        String uri = path.isAbsolute() ? absolute : absolute.substring(1);
        byte[] raw = new byte[uri.length()];
        int length = 0;
        for (int i = 0; i < uri.length(); i++) {
            boolean encoded = uri.charAt(i) == '%';
            raw[length++] = (byte) (encoded ? HexFormat.fromHexDigits(uri, i + 1, i + 3) : uri.charAt(i));
            i += encoded ? 2 : 0;
        }
        boolean slashAdded = length > 1 && raw[length - 1] == '/' && !text.endsWith("/");
        return Arrays.copyOf(raw, slashAdded ? length - 1 : length);
    }
}
