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
import java.util.regex.Pattern;

/// Names of files as text, one way everywhere.
///
/// A name that is UTF-8 stays as it is, so that `Sysmon%4Operational.evtx` is found by that name. Bytes that are not
/// are
/// written `%XX` (upper-case hexadecimal, 80 to FF). In paths a `/` or zero byte in a name is `%2F` or `%00`, a segment
/// `..` is `%2E%2E`, and a `!` at the end of a folder's name `%21`: no name can climb out of its archive or look like
/// one.
/// A `%` in front of what would read as one of these, or as `%25`, is itself written `%25`. So every name can be given
/// back: only these escapes stand for a byte, any other `%` for itself.
public final class Names {
    /// Longest path read from an archive, in bytes.
    public static final int LONGEST = 65_535;

    private static final String AN_ESCAPE = "[89A-F][0-9A-F]|25|2F|00|2E|21";
    private static final Pattern AMBIGUOUS = Pattern.compile("%(?=" + AN_ESCAPE + ")");
    private static final Pattern NEEDLESS = Pattern.compile("%25(?!" + AN_ESCAPE + ")");

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

    /// The same for names that were escaped when they were written, as in a capture archive, where every `%` is `%25`.
    public static String escaped(byte[] raw) {
        String text = decoded(raw, false);
        return text.indexOf('%') < 0 ? text : NEEDLESS.matcher(text).replaceAll("%");
    }

    /// A name stored as UTF-16. Halves of surrogate pairs that stand alone are written as the three bytes that UTF-8
    /// would give them, escaped.
    public static String utf16(String name) {
        boolean whole = name.codePoints().noneMatch(Names::isHalf);
        if (whole) {
            return plain(name);
        }
        var text = new StringBuilder(name.length() + 8);
        name.codePoints().forEach(point -> {
            if (isHalf(point)) {
                for (int part : new int[] {0xe0 | point >> 12, 0x80 | point >> 6 & 0x3f, 0x80 | point & 0x3f}) {
                    text.append('%').append(HEX.toHexDigits((byte) part));
                }
            } else if (point == '%') {
                text.append("%25");
            } else {
                text.appendCodePoint(point);
            }
        });
        return NEEDLESS.matcher(text).replaceAll("%");
    }

    private static boolean isHalf(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
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
            text.append(escapePercent ? plain(part) : part);
            out.clear();
            for (int odd = result.isError() ? result.length() : 0; odd > 0; odd--) {
                text.append('%').append(HEX.toHexDigits(in.get()));
            }
        }
        return text.toString();
    }

    private static String plain(String part) {
        return part.indexOf('%') < 0 ? part : AMBIGUOUS.matcher(part).replaceAll("%25");
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
