package io.varve.disk.container.vmdk;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Limits;
import io.varve.disk.container.Disks;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The text that describes a disk: content ids, parent, extents.
///
/// @param type e.g. `monolithicSparse`
/// @param cid content id: eight lower-case hexadecimal digits, new whenever the disk was changed
/// @param parentHint path of the parent as its writer knew it
record Descriptor(String type, String cid, String parentCid, Optional<String> parentHint, List<Line> extents) {
    static final String NO_PARENT = "ffffffff";

    private static final int LONGEST = 1 << 20;
    private static final int MOST_EXTENTS = 4096;
    private static final String START = "# disk descriptorfile";

    private static final Pattern VALUE = Pattern.compile("\\s*+([A-Za-z][\\w.]*+)\\s*+=\\s*+(.*+)");
    private static final Pattern EXTENT = Pattern.compile(
            "\\s*+(?:RW|RDONLY|NOACCESS)\\s++(\\d{1,18}+)\\s++(\\w++)"
                    + "(?:\\s++\"([^\"]*+)\"(?:\\s++(\\d{1,18}+))?.*+)?\\s*+",
            Pattern.CASE_INSENSITIVE);

    /// One extent.
    ///
    /// @param size bytes of the disk
    /// @param kind in capitals, e.g. `FLAT`
    /// @param start where in the file a flat extent starts, in bytes
    record Line(long size, String kind, String file, long start) {}

    static boolean isOne(Bytes file) throws IOException {
        byte[] head = new byte[(int) Math.min(64, file.size())];
        file.read(0, head, 0, head.length);
        String text = new String(head, StandardCharsets.ISO_8859_1);
        String start = text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3) : text;
        return Vmdk.lower(start.stripLeading()).startsWith(START);
    }

    static Descriptor of(Bytes file, long offset, long length) throws IOException {
        byte[] raw = new byte[Limits.check(length, LONGEST, "VMDK descriptor size")];
        file.check(offset, raw.length, "VMDK descriptor");
        file.read(offset, raw, 0, raw.length);
        String text = new String(raw, StandardCharsets.ISO_8859_1);
        text = text.indexOf('\0') < 0 ? text : text.substring(0, text.indexOf('\0'));
        Map<String, String> values = new HashMap<>();
        List<String> lines = new ArrayList<>();
        for (String line : text.lines().toList()) {
            Matcher value = VALUE.matcher(line);
            if (value.matches()) {
                values.putIfAbsent(Vmdk.lower(value.group(1)), unquoted(value.group(2)));
            } else {
                lines.add(line);
            }
        }
        Charset charset = charset(values.getOrDefault("encoding", "UTF-8"));
        List<Line> extents = new ArrayList<>();
        for (String line : lines) {
            Matcher extent = EXTENT.matcher(line);
            if (extent.matches()) {
                extents.add(extent(extent, charset));
            }
        }
        Limits.check(extents.size(), MOST_EXTENTS, "VMDK number of extents");
        return new Descriptor(
                recoded(values.getOrDefault("createtype", "disk"), charset),
                cid(values, "cid", "VMDK content id"),
                cid(values, "parentcid", "VMDK content id of the parent"),
                Optional.ofNullable(values.get("parentfilenamehint")).map(hint -> recoded(hint, charset)),
                List.copyOf(extents));
    }

    private static Line extent(Matcher extent, Charset charset) {
        String start = extent.group(4);
        String file = extent.group(3);
        return new Line(
                Disks.sectors(Long.parseLong(extent.group(1)), "VMDK extent size"),
                extent.group(2).toUpperCase(Locale.ROOT),
                file == null ? "" : recoded(file, charset),
                start == null ? 0 : Disks.sectors(Long.parseLong(start), "VMDK extent start"));
    }

    private static String cid(Map<String, String> values, String key, String what) {
        String written = values.getOrDefault(key, NO_PARENT);
        try {
            return "%08x".formatted(Integer.parseUnsignedInt(written.strip(), 16));
        } catch (NumberFormatException e) {
            throw new CorruptException("%s is not a hexadecimal number: %s".formatted(what, written), e);
        }
    }

    private static String unquoted(String value) {
        String text = value.strip();
        return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    private static String recoded(String text, Charset charset) {
        return new String(text.getBytes(StandardCharsets.ISO_8859_1), charset);
    }

    private static Charset charset(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return StandardCharsets.UTF_8;
        }
    }
}
