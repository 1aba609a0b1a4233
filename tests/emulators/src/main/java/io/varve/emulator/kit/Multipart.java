package io.varve.emulator.kit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A `multipart/form-data` body (RFC 7578), as uploads are sent.
///
/// @param parts in the order of the body; a name may occur more than once
public record Multipart(List<Part> parts) {
    private static final Pattern BOUNDARY = Pattern.compile("boundary=(?:\"([^\"]+)\"|([^;\\s]+))");
    private static final Pattern NAME = Pattern.compile("[; ]name=(?:\"([^\"]*)\"|([^;\\s]+))");
    private static final Pattern FILE_NAME = Pattern.compile("[; ]filename=(?:\"([^\"]*)\"|([^;\\s]+))");
    private static final int MOST_PARTS = 1_000;

    /// @param fileName empty for a plain field
    public record Part(String name, Optional<String> fileName, byte[] content) {
        public String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    /// The parts of the request's body; none when it is not of this type.
    public static Multipart of(Request request) {
        Matcher boundary = BOUNDARY.matcher(request.header("Content-Type").orElse(""));
        if (!boundary.find()) {
            return new Multipart(List.of());
        }
        String mark = boundary.group(1) == null ? boundary.group(2) : boundary.group(1);
        byte[] body = request.body();
        byte[] delimiter = ("--" + mark).getBytes(StandardCharsets.ISO_8859_1);
        var parts = new ArrayList<Part>();
        int at = find(body, delimiter, 0);
        while (at >= 0 && parts.size() < MOST_PARTS) {
            int start = at + delimiter.length + 2;
            int next = find(body, delimiter, start);
            if (next < 0) {
                break;
            }
            part(body, start, next - 2).ifPresent(parts::add);
            at = next;
        }
        return new Multipart(List.copyOf(parts));
    }

    /// The text of the first field of that name.
    public Optional<String> field(String name) {
        return part(name).map(Part::text);
    }

    public Optional<Part> part(String name) {
        return parts.stream().filter(part -> part.name().equals(name)).findFirst();
    }

    private static Optional<Part> part(byte[] body, int start, int end) {
        int head = find(body, "\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1), start);
        if (head < 0 || head + 4 > end) {
            return Optional.empty();
        }
        String headers = new String(body, start, head - start, StandardCharsets.UTF_8);
        byte[] content = java.util.Arrays.copyOfRange(body, head + 4, end);
        return group(NAME, headers).map(name -> new Part(name, group(FILE_NAME, headers), content));
    }

    private static Optional<String> group(Pattern pattern, String headers) {
        Matcher matcher = pattern.matcher(headers);
        if (!matcher.find()) {
            return Optional.empty();
        }
        return Optional.of(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }

    private static int find(byte[] body, byte[] what, int from) {
        for (int at = from; at <= body.length - what.length; at++) {
            int same = 0;
            while (same < what.length && body[at + same] == what[same]) {
                same++;
            }
            if (same == what.length) {
                return at;
            }
        }
        return -1;
    }
}
