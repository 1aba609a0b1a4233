package io.varve.web.access;

import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An address that ends in a source's own id: percent-encoded, with slashes in it or without.
///
/// The address is taken as it was sent, before anybody decodes it. One that could be read in two ways (`.` and `..` as
/// parts, encoded or not, `//`, `;`) names nothing.
public record SourcePath(String source, String id) {
    private static final Pattern FORM =
            Pattern.compile("/api/v1/incidents/by-source/(?<source>[a-z0-9][a-z0-9_-]{0,39})"
                    + "(?<id>(/([A-Za-z0-9._~!$&'()*+,=:@-]|%[0-9A-Fa-f]{2}){1,2000}){1,20})");

    public static SourcePath of(String path) {
        return read(path).orElseThrow(() -> new ProblemException(Code.NOT_FOUND, "There is nothing here."));
    }

    public static Optional<SourcePath> read(String path) {
        Matcher matcher = FORM.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String encoded = matcher.group("id").substring(1);
        boolean moves =
                Arrays.stream(encoded.split("/", -1)).map(SourcePath::dots).anyMatch(SourcePath::moves);
        return moves ? Optional.empty() : decoded(encoded).map(id -> new SourcePath(matcher.group("source"), id));
    }

    private static String dots(String part) {
        return part.replace("%2e", ".").replace("%2E", ".");
    }

    private static boolean moves(String part) {
        return part.equals(".") || part.equals("..");
    }

    /// Empty when it is not UTF-8.
    private static Optional<String> decoded(String encoded) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < encoded.length(); i++) {
            char next = encoded.charAt(i);
            if (next == '%') {
                bytes.write(HexFormat.fromHexDigits(encoded, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(next);
            }
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
