package io.varve.disk.container;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.disk.LayerException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A raw image in several files: `disk.001`, `disk.002` … (or from `disk.000`), `disk.aa`, `disk.ab` …
///
/// The format has no signature: it is told by the name of the first file, unless that file is plainly something else.
/// A number left out is an error that names the file; a file that is missing at the end cannot be noticed.
@AutoService(ContainerFormat.class)
public final class SplitRaw implements ContainerFormat {
    private static final Pattern FIRST = Pattern.compile("(.+\\.)(0{2,5}[01]|a{2,4}|A{2,4})", Pattern.DOTALL);

    /// Split archives have the same endings.
    private static final Pattern OTHER = Pattern.compile(
            ".*\\.(7z|zip|rar|tar|tgz|gz|bz2|xz|zst|vmdk|qcow2|vhdx?|vdi|e01)\\.[^.]+",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    private static final List<byte[]> SIGNATURES = List.of(
            signature("504b0304"),
            signature("377abcaf"),
            signature("52617221"),
            signature("1f8b08"),
            signature("28b52ffd"),
            signature("fd377a58"),
            signature("455646"));

    /// How many names after a missing one are tried, to tell a gap from the end.
    private static final int GAP = 16;

    /// Most files of one image.
    private static final int MOST = 20_000;

    private static byte[] signature(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public String name() {
        return "split raw";
    }

    @Override
    public boolean claims(String fileName, Bytes file) throws IOException {
        if (!FIRST.matcher(fileName).matches() || OTHER.matcher(fileName).matches()) {
            return false;
        }
        byte[] head = new byte[(int) Math.min(4, file.size())];
        file.read(0, head, 0, head.length);
        return head.length == 4 && SIGNATURES.stream().noneMatch(known -> startsWith(head, known));
    }

    private static boolean startsWith(byte[] head, byte[] signature) {
        for (int i = 0; i < signature.length; i++) {
            if (head[i] != signature[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Container open(String fileName, Bytes file, Neighbours neighbours) throws IOException {
        Matcher matcher = FIRST.matcher(fileName);
        if (!matcher.matches()) {
            return new Disk(new Joined(List.of(file)), 1);
        }
        List<Bytes> parts = new ArrayList<>(List.of(file));
        try {
            Optional<Bytes> next = neighbours.open(part(matcher, 1));
            while (next.isPresent()) {
                parts.add(next.get());
                if (parts.size() > MOST) {
                    throw new LayerException(
                            "split raw",
                            OptionalLong.empty(),
                            "more than %d files".formatted(MOST),
                            "join some of them");
                }
                next = neighbours.open(part(matcher, parts.size()));
            }
            refuseGap(matcher, parts, neighbours);
            return new Disk(new Joined(parts), parts.size());
        } catch (IOException | RuntimeException e) {
            // the first is the caller's until the image is open
            for (Bytes part : parts.subList(1, parts.size())) {
                part.close();
            }
            throw e;
        }
    }

    private static void refuseGap(Matcher first, List<Bytes> parts, Neighbours neighbours) throws IOException {
        for (int i = parts.size() + 1; i <= parts.size() + GAP; i++) {
            Optional<Bytes> later = neighbours.open(part(first, i));
            if (later.isPresent()) {
                later.get().close();
                throw new LayerException(
                        "split raw",
                        OptionalLong.of(parts.stream().mapToLong(Bytes::size).sum()),
                        "%s is missing, %s is there".formatted(part(first, parts.size()), part(first, i)),
                        "put it beside the others");
            }
        }
    }

    /// @param index counted from 0
    private static String part(Matcher first, int index) {
        String ending = first.group(2);
        if (Character.isDigit(ending.charAt(0))) {
            int number = index + Character.digit(ending.charAt(ending.length() - 1), 10);
            return first.group(1) + ("%0" + ending.length() + "d").formatted(number);
        }
        var letters = new StringBuilder();
        int rest = index;
        for (int i = 0; i < ending.length(); i++) {
            letters.insert(0, (char) ('a' + rest % 26));
            rest /= 26;
        }
        // past the last name: one that no file can have
        String text = rest > 0 ? "/" : letters.toString();
        return first.group(1) + (ending.startsWith("A") ? text.toUpperCase(Locale.ROOT) : text);
    }

    private record Disk(Joined parts, int files) implements Container {
        @Override
        public String format() {
            return "split raw";
        }

        @Override
        public List<String> notes() {
            return List.of("segments: %d".formatted(files));
        }

        @Override
        public long size() {
            return parts.size();
        }

        @Override
        public void read(long offset, byte[] target, int start, int length) throws IOException {
            parts.read(offset, target, start, length);
        }

        @Override
        public long zeros(long offset) throws IOException {
            return parts.zeros(offset);
        }

        @Override
        public void close() throws IOException {
            parts.close();
        }
    }
}
