package io.varve.artefact.cloud;

import io.varve.artefact.IpAddress;
import io.varve.artefact.JsonLine;
import io.varve.binary.CorruptException;
import io.varve.event.EventTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// One record of a cloud's log: its values, each under the first of several names that has one, all of
/// bounded length.
final class CloudRecord {
    /// Longest text taken over; longer ones end in `…`.
    static final int LONGEST = 4_096;

    private static final int LONGEST_PAIR = 1_024;
    private static final int MOST_ITEMS = 64;

    private final JsonLine line;

    CloudRecord(JsonLine line) {
        this.line = line;
    }

    Optional<String> optional(String... names) {
        for (String name : names) {
            Optional<String> text = line.optional(name);
            if (text.isPresent()) {
                return text.map(value -> cut(value, LONGEST));
            }
        }
        return Optional.empty();
    }

    /// The text, or an empty one.
    String text(String... names) {
        return optional(names).orElse("");
    }

    /// @throws CorruptException when none of the names has a value
    String required(String... names) {
        return optional(names).orElseThrow(() -> new CorruptException("no " + names[0]));
    }

    /// A JSON object that the record holds as text.
    Optional<CloudRecord> inner(String name) {
        return line.optional(name).map(text -> new CloudRecord(JsonLine.of(text.getBytes(StandardCharsets.UTF_8))));
    }

    /// @throws CorruptException when a name has a value that is no time
    Optional<EventTime> time(String... names) {
        return optional(names)
                .map(text -> StatedTime.parse(text)
                        .orElseThrow(() -> new CorruptException("%s is not a time".formatted(names[0]))));
    }

    /// @throws CorruptException when none of the names has a time
    EventTime requiredTime(String... names) {
        return time(names).orElseThrow(() -> new CorruptException("no " + names[0]));
    }

    /// A number, where there is one.
    Optional<Double> decimal(String... names) {
        return optional(names)
                .filter(text -> text.matches("-?\\d{1,15}(\\.\\d{1,15})?"))
                .map(Double::valueOf);
    }

    Optional<Long> number(String... names) {
        return optional(names).filter(text -> text.matches("-?\\d{1,18}")).map(Long::valueOf);
    }

    Optional<Boolean> flag(String... names) {
        return optional(names)
                .filter(text -> text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))
                .map(Boolean::valueOf);
    }

    /// The values of all names together, each once.
    List<String> all(String... names) {
        return List.of(names).stream()
                .flatMap(name -> line.list(name).stream())
                .filter(value -> !value.isEmpty())
                .map(value -> cut(value, LONGEST))
                .distinct()
                .limit(MOST_ITEMS)
                .toList();
    }

    /// The values of all names that end in one of some words, each once.
    List<String> ending(Set<String> words) {
        return all(
                line.names().stream().filter(name -> words.contains(last(name))).toArray(String[]::new));
    }

    /// What lies under a name as `name=value`: those that say most first, then as they come, to a bound.
    List<String> pairs(String prefix, Set<String> telling) {
        var names = new ArrayList<String>();
        for (String name : line.names()) {
            if (name.startsWith(prefix + ".")) {
                names.add(name);
            }
        }
        names.sort(Comparator.comparing(name -> !telling.contains(last(name))));
        return names.stream()
                .limit(MOST_ITEMS)
                .filter(name -> line.optional(name).isPresent())
                .map(name -> cut(name.substring(prefix.length() + 1) + "=" + line.text(name), LONGEST_PAIR))
                .toList();
    }

    boolean has(String name) {
        return line.optional(name).isPresent();
    }

    static Optional<String> address(String text) {
        return Optional.of(text)
                .filter(value -> value.length() < 64 && IpAddress.parse(value).isPresent());
    }

    /// `success` or `failure` for the many words that say so; nothing for what has not ended yet.
    static String outcome(String status) {
        return switch (status.toLowerCase(Locale.ROOT)) {
            case "success", "succeeded" -> "success";
            case "failure", "failed", "timedout", "cancelled" -> "failure";
            default -> "";
        };
    }

    static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
