package io.varve.provider.darktrace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.evidence.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// What Darktrace finds: the three kinds of it that the feed follows.
enum Finding {
    GROUP("/aianalyst/groups", "id", "url", List.of("groupScore")),
    EVENT("/aianalyst/incidentevents", "id", "incidentEventUrl", List.of("groupScore")),
    BREACH("/modelbreaches", "pbid", "breachUrl", List.of("device", "commentCount"));

    private final String path;
    private final String id;
    private final String link;
    /// Members that change by themselves, without news.
    private final List<String> restless;

    Finding(String path, String id, String link, List<String> restless) {
        this.path = path;
        this.id = id;
        this.link = link;
        this.restless = restless;
    }

    String path() {
        return path;
    }

    /// Empty when it has none that we could use.
    Optional<String> id(JsonNode object) {
        String text = object.path(id).asText("");
        return text.matches("[A-Za-z0-9-]{1,80}") ? Optional.of(text) : Optional.empty();
    }

    /// Short digest of its content.
    String content(JsonNode object) {
        JsonNode copy = object.deepCopy();
        if (copy instanceof ObjectNode members) {
            members.remove(restless);
        }
        return Digest.of(copy.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
    }

    /// The object as it came, with its address in Darktrace's console where it names none.
    byte[] body(JsonNode object, String base) {
        ObjectNode copy = object.deepCopy();
        if (copy.path(link).asText("").isEmpty()) {
            id(object).ifPresent(text -> copy.put(link, link(base, text)));
        }
        return copy.toString().getBytes(StandardCharsets.UTF_8);
    }

    private String link(String base, String text) {
        return switch (this) {
            case GROUP -> Links.group(base, text);
            case EVENT -> Links.event(base, text);
            case BREACH -> Links.breach(base, text);
        };
    }

    /// When its last activity was, in milliseconds; empty when it does not say.
    Optional<Long> latest(JsonNode object) {
        return switch (this) {
            case GROUP -> time(object.path("end")).or(() -> time(object.path("start")));
            case EVENT -> {
                long latest = object.path("createdAt").asLong(0);
                for (JsonNode period : object.path("periods")) {
                    latest = Math.max(latest, period.path("end").asLong(0));
                }
                yield latest == 0 ? Optional.empty() : Optional.of(latest);
            }
            case BREACH -> time(object.path("creationTime")).or(() -> time(object.path("time")));
        };
    }

    private static Optional<Long> time(JsonNode value) {
        return value.asLong(0) > 0 ? Optional.of(value.asLong()) : Optional.empty();
    }
}
