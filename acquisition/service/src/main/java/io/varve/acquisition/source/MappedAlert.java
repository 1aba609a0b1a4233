package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.NormalisedAlert.Cloud;
import io.varve.acquisition.model.NormalisedAlert.Process;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// One alert read by a user's mapping.
final class MappedAlert {
    private final Mapping mapping;
    private final JsonNode event;
    private final Map<String, Optional<JsonPath>> paths = new HashMap<>();
    private final Optional<DateTimeFormatter> format;
    private final ZoneId zone;

    MappedAlert(Mapping mapping, JsonNode event) {
        this.mapping = mapping;
        this.event = event;
        format = mapping.format();
        zone = mapping.zone().orElse(ZoneOffset.UTC);
    }

    NormalisedAlert read(Instant received) {
        var draft = new Draft(event, received)
                .id(text(event, "id"))
                .group(text(event, "group"))
                .url(text(event, "url"))
                .revision(text(event, "revision"))
                .title(text(event, "title"))
                .description(phrase(event, "description"))
                .category(text(event, "category"))
                .severity(text(event, "severity").flatMap(mapping::severityOf))
                .status(text(event, "status"))
                .seen(time(event, "firstSeen"), time(event, "lastSeen"));
        each("host", from -> draft.host(host(from)));
        each(
                "user",
                from -> text(from, "user.domain")
                        .ifPresentOrElse(
                                domain -> draft.user(text(from, "user.name"), Optional.of(domain)),
                                () -> draft.account(text(from, "user.name"))));
        each("process", from -> draft.process(process(from)));
        each(
                "file",
                from -> draft.found()
                        .file(phrase(from, "file.path"), text(from, "file.name"), hashes(from, "file.hash")));
        each("network", from -> network(from, draft.found()));
        draft.found().techniques(texts(event, "techniques"));
        draft.found().knownTactics(texts(event, "tactics"));
        return draft.alert("Alert");
    }

    /// A group with a list of its own is read from each element of it, another from the whole alert.
    private void each(String group, Consumer<JsonNode> read) {
        Optional<JsonPath> list = Optional.ofNullable(mapping.each().get(group)).flatMap(this::path);
        if (list.isEmpty()) {
            read.accept(event);
            return;
        }
        for (JsonNode found : list.get().in(event)) {
            if (found.isArray()) {
                found.forEach(read);
            } else {
                read.accept(found);
            }
        }
    }

    private HostDraft host(JsonNode from) {
        return new HostDraft()
                .name(text(from, "host.fqdn"))
                .name(text(from, "host.hostname"))
                .agent(text(from, "host.agentType").orElse(""), text(from, "host.agentId"))
                .instance(text(from, "host.instanceId"))
                .ips(texts(from, "host.ip"))
                .macs(texts(from, "host.mac"))
                .os(text(from, "host.os"))
                .containment(text(from, "host.containment").flatMap(Generic::containment))
                .cloud(Optional.of(new Cloud(
                        text(from, "host.cloudProvider").flatMap(CloudResource::provider),
                        text(from, "host.cloudAccount"),
                        text(from, "host.cloudRegion"),
                        Optional.empty())));
    }

    private Process process(JsonNode from) {
        Optional<String> parentImage = phrase(from, "process.parentImage");
        Optional<String> parentCommand = phrase(from, "process.parentCommandLine");
        Optional<Process> parent = parentImage.isEmpty() && parentCommand.isEmpty()
                ? Optional.empty()
                : Optional.of(new Process(parentImage, parentCommand, Optional.empty(), Optional.empty(), Map.of()));
        return new Process(
                phrase(from, "process.image"),
                phrase(from, "process.commandLine"),
                text(from, "process.pid").flatMap(Fields::decimal).map(Double::longValue),
                time(from, "process.startedAt"),
                hashes(from, "process.hash"),
                text(from, "process.user"),
                parent);
    }

    private void network(JsonNode from, Indicators found) {
        found.connection(
                text(from, "network.sourceIp"),
                port(from, "network.sourcePort"),
                text(from, "network.destinationIp"),
                port(from, "network.destinationPort"));
        texts(from, "network.domain").forEach(domain -> found.domain(Optional.of(domain)));
        texts(from, "network.url").forEach(url -> found.url(Optional.of(url)));
    }

    private Map<String, String> hashes(JsonNode from, String field) {
        var hashes = new HashMap<String, String>();
        texts(from, field).forEach(text -> hashes.putAll(Fields.hashes(Optional.of(text))));
        return Map.copyOf(hashes);
    }

    private Optional<Instant> time(JsonNode from, String field) {
        return text(from, field)
                .flatMap(text -> format.flatMap(pattern -> time(text, pattern)).or(() -> AlertTimes.read(text)));
    }

    private Optional<Instant> time(String text, DateTimeFormatter pattern) {
        try {
            return Optional.of(
                            instant(pattern.parseBest(text, ZonedDateTime::from, LocalDateTime::from, LocalDate::from)))
                    .filter(AlertTimes::isBelievable);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private Instant instant(TemporalAccessor parsed) {
        if (parsed instanceof ZonedDateTime zoned) {
            return zoned.toInstant();
        }
        if (parsed instanceof LocalDateTime local) {
            return local.atZone(zone).toInstant();
        }
        return LocalDate.from(parsed).atStartOfDay(zone).toInstant();
    }

    /// A short text, by path or else by constant.
    private Optional<String> text(JsonNode from, String field) {
        return values(from, field).stream()
                .flatMap(value -> Fields.clean(value, Fields.LONGEST_NAME).stream())
                .findFirst();
    }

    private Optional<String> phrase(JsonNode from, String field) {
        return values(from, field).stream()
                .flatMap(value -> Fields.clean(value, Fields.LONGEST_TEXT).stream())
                .findFirst();
    }

    /// All values, those of a list one by one.
    private List<String> texts(JsonNode from, String field) {
        return values(from, field).stream()
                .flatMap(value -> value.isArray() ? StreamSupport.stream(value.spliterator(), false) : Stream.of(value))
                .limit(Fields.LONGEST_LIST)
                .flatMap(value -> Fields.clean(value, Fields.LONGEST_NAME).stream())
                .toList();
    }

    private Optional<Integer> port(JsonNode from, String field) {
        return text(from, field).flatMap(Fields::decimal).map(Double::longValue).flatMap(Fields::port);
    }

    private List<JsonNode> values(JsonNode from, String field) {
        List<JsonNode> found = Optional.ofNullable(mapping.fields().get(field))
                .flatMap(this::path)
                .map(path -> path.in(from))
                .orElse(List.of());
        if (!found.isEmpty()) {
            return found;
        }
        return Optional.ofNullable(mapping.constants().get(field))
                .<List<JsonNode>>map(text -> List.of(TextNode.valueOf(text)))
                .orElse(List.of());
    }

    private Optional<JsonPath> path(String text) {
        return paths.computeIfAbsent(text, JsonPath::parse);
    }
}
