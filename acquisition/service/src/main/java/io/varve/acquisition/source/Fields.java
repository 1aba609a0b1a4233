package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A tolerant view of one JSON object of an alert: every value may be absent, null, of another type, or hostile.
///
/// Names are dotted paths; letter case and underscores do not matter. Of several names the first present one is taken.
/// Texts lose their control characters and are cut.
record Fields(JsonNode node) {
    static final int LONGEST_TEXT = 4096;
    static final int LONGEST_NAME = 512;
    static final int LONGEST_LIST = 200;

    /// Names in larger objects must match exactly.
    private static final int MOST_MEMBERS = 2000;

    private static final int HIGHEST_PORT = 65_535;

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\n\t]]");
    private static final Pattern HASH =
            Pattern.compile("[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}");
    private static final Pattern ZEROS = Pattern.compile("0+");

    Optional<String> text(String... names) {
        return text(LONGEST_TEXT, names);
    }

    /// A short text: a name, an id.
    Optional<String> name(String... names) {
        return text(LONGEST_NAME, names);
    }

    private Optional<String> text(int longest, String... names) {
        return Stream.of(names)
                .map(this::at)
                .flatMap(found -> clean(found, longest).stream())
                .findFirst();
    }

    Optional<Double> number(String... names) {
        return text(names).flatMap(Fields::decimal);
    }

    Optional<Long> integer(String... names) {
        return number(names).map(Double::longValue);
    }

    Optional<Instant> time(String... names) {
        return Stream.of(names)
                .map(this::at)
                .flatMap(found -> clean(found, LONGEST_NAME).flatMap(AlertTimes::read).stream())
                .findFirst();
    }

    /// A port number; zero stands for none.
    Optional<Integer> port(String... names) {
        return integer(names).flatMap(Fields::port);
    }

    static Optional<Integer> port(long number) {
        return number > 0 && number <= HIGHEST_PORT ? Optional.of((int) number) : Optional.empty();
    }

    /// An object or list that a member holds as text; empty when it is none.
    Optional<Fields> json(String name) {
        JsonNode found = at(name);
        return found.isTextual() ? AlertBody.nested(found.asText()).map(Fields::new) : Optional.empty();
    }

    /// The members of this object that are objects, whatever they are called.
    List<Fields> members() {
        var members = new ArrayList<Fields>();
        for (JsonNode member : node) {
            if (member.isObject() && members.size() < LONGEST_LIST) {
                members.add(new Fields(member));
            }
        }
        return members;
    }

    /// The elements of a list of objects; an object stands for a list of one.
    List<Fields> list(String name) {
        return elements(name).filter(JsonNode::isObject).map(Fields::new).toList();
    }

    /// The elements of a list of texts; a text stands for a list of one.
    List<String> texts(String name) {
        return elements(name)
                .flatMap(element -> clean(element, LONGEST_NAME).stream())
                .toList();
    }

    Fields object(String name) {
        return new Fields(at(name));
    }

    boolean has(String name) {
        return !at(name).isMissingNode() && !at(name).isNull();
    }

    boolean isObject(String name) {
        return at(name).isObject();
    }

    /// The hashes directly in this object: lower case, padding of zeros left out.
    Map<String, String> hashes() {
        return hashes("", "");
    }

    /// The hashes in members named like `prefix` + `sha256` + `suffix`.
    Map<String, String> hashes(String prefix, String suffix) {
        var hashes = new LinkedHashMap<String, String>();
        for (String algorithm : List.of("md5", "sha1", "sha256", "sha512")) {
            name(prefix + algorithm + suffix).flatMap(Fields::hash).ifPresent(value -> hashes.put(algorithm, value));
        }
        return hashes;
    }

    /// One hash under its name; empty when the text is none.
    static Map<String, String> hashes(Optional<String> text) {
        return text.flatMap(Fields::hash)
                .map(value -> Map.of(algorithm(value), value))
                .orElse(Map.of());
    }

    static Optional<String> hash(String text) {
        String value = text.strip().toLowerCase(Locale.ROOT);
        return HASH.matcher(value).matches() && !ZEROS.matcher(value).matches() ? Optional.of(value) : Optional.empty();
    }

    /// What a hash of this length is called.
    static String algorithm(String hash) {
        return switch (hash.length()) {
            case 32 -> "md5";
            case 40 -> "sha1";
            case 64 -> "sha256";
            case 96 -> "sha384";
            default -> "sha512";
        };
    }

    private Stream<JsonNode> elements(String name) {
        JsonNode found = at(name);
        if (!found.isArray()) {
            return Stream.of(found);
        }
        var elements = new ArrayList<JsonNode>();
        for (int i = 0; i < Math.min(found.size(), LONGEST_LIST); i++) {
            elements.add(found.get(i));
        }
        return elements.stream();
    }

    private JsonNode at(String path) {
        JsonNode here = node;
        if (here.isObject() && here.has(path)) {
            return here.path(path);
        }
        for (String name : path.split("\\.")) {
            here = member(here, name);
        }
        return here;
    }

    private static JsonNode member(JsonNode node, String name) {
        JsonNode exact = node.path(name);
        if (!exact.isMissingNode() || !node.isObject() || node.size() > MOST_MEMBERS) {
            return exact;
        }
        String wanted = plain(name);
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (plain(member.getKey()).equals(wanted)) {
                return member.getValue();
            }
        }
        return MissingNode.getInstance();
    }

    private static String plain(String name) {
        return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }

    static Optional<String> clean(JsonNode value, int longest) {
        if (!value.isValueNode() || value.isNull()) {
            return Optional.empty();
        }
        return clean(value.asText(), longest);
    }

    /// Text without control characters and lone surrogates, cut; empty when nothing is left.
    static Optional<String> clean(String text, int longest) {
        String start = text.length() > 2 * longest ? text.substring(0, 2 * longest) : text;
        String plain = wellFormed(CONTROL.matcher(start).replaceAll("")).strip();
        if (plain.codePointCount(0, plain.length()) > longest) {
            plain = plain.substring(0, plain.offsetByCodePoints(0, longest - 1)) + "…";
        }
        return plain.isEmpty() ? Optional.empty() : Optional.of(plain);
    }

    private static String wellFormed(String text) {
        var kept = new StringBuilder(text.length());
        text.codePoints()
                .forEach(point -> kept.appendCodePoint(
                        point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xfffd : point));
        return kept.toString();
    }

    static Optional<Double> decimal(String text) {
        try {
            double value = Double.parseDouble(text);
            return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
