package io.varve.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.varve.artefact.EvidenceContext;
import io.varve.binary.Bytes;
import io.varve.disk.Evidence;
import io.varve.disk.EvidenceFile;
import io.varve.event.ZoneSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Reads what is known of a host before its artefacts: its name, system, zone and users from the evidence's own `/etc`,
/// else from what the endpoint agent wrote of it.
///
/// What cannot be read here is simply not known; the file gets its coverage row in the walk like any other.
final class ContextReader {
    private static final int LARGEST = 1 << 20;
    private static final int USERS = 100_000;
    private static final int LONGEST_NAME = 255;

    private final Evidence evidence;

    ContextReader(Evidence evidence) {
        this.evidence = evidence;
    }

    EvidenceContext read(Given given) {
        JsonNode capture = capture();
        JsonNode agent = capture.path("host");
        Optional<Zone> zone =
                given.zone().map(z -> new Zone(z, ZoneSource.GIVEN)).or(() -> hostZone(agent));
        return new EvidenceContext(
                firstLine("etc/hostname").or(() -> text(agent, "name")),
                operatingSystem().or(() -> text(agent, "os")),
                zone.map(Zone::id).orElse(ZoneOffset.UTC),
                zone.map(Zone::source).orElse(ZoneSource.ASSUMED),
                users(),
                given.year(),
                text(capture, "started").flatMap(ContextReader::instant));
    }

    private record Zone(ZoneId id, ZoneSource source) {}

    private Optional<Zone> hostZone(JsonNode agent) {
        return firstLine("etc/timezone")
                .flatMap(ContextReader::zone)
                .or(this::zoneOfLink)
                .or(() -> text(agent, "zone").flatMap(ContextReader::zone))
                .or(() -> bytes("etc/localtime").flatMap(PosixZone::ofTzif))
                .map(id -> new Zone(id, ZoneSource.HOST));
    }

    private Optional<ZoneId> zoneOfLink() {
        try {
            return evidence.linkTarget("etc/localtime")
                    .filter(target -> target.contains("zoneinfo/"))
                    .map(target -> target.substring(target.lastIndexOf("zoneinfo/") + "zoneinfo/".length()))
                    .flatMap(ContextReader::zone);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<String> operatingSystem() {
        return content("etc/os-release")
                .or(() -> content("usr/lib/os-release"))
                .flatMap(text -> text.lines()
                        .filter(line -> line.startsWith("PRETTY_NAME="))
                        .map(line -> line.substring("PRETTY_NAME=".length())
                                .replace("\"", "")
                                .strip())
                        .filter(name -> !name.isEmpty())
                        .findFirst());
    }

    private Map<String, String> users() {
        Map<String, String> users = new HashMap<>();
        content("etc/passwd")
                .ifPresent(text -> text.lines().limit(USERS).forEach(line -> {
                    String[] fields = line.split(":", 4);
                    if (fields.length == 4 && fields[2].matches("\\d{1,10}") && !fields[0].isEmpty()) {
                        users.putIfAbsent(fields[2], fields[0]);
                    }
                }));
        return Map.copyOf(users);
    }

    private JsonNode capture() {
        Optional<String> text = content("varve/capture.json");
        if (text.isEmpty()) {
            return MissingNode.getInstance();
        }
        try {
            return new JsonMapper().readTree(text.get());
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private Optional<String> firstLine(String path) {
        return content(path)
                .flatMap(text -> text.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .findFirst())
                .filter(line -> line.length() <= LONGEST_NAME);
    }

    private Optional<String> content(String path) {
        return bytes(path).map(raw -> new String(raw, StandardCharsets.UTF_8));
    }

    private Optional<byte[]> bytes(String path) {
        try {
            Optional<EvidenceFile> file = evidence.find(path);
            if (file.isEmpty()) {
                return Optional.empty();
            }
            try (Bytes content = file.get().open()) {
                byte[] raw = new byte[(int) Math.min(LARGEST, content.size())];
                content.read(0, raw, 0, raw.length);
                return Optional.of(raw);
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(JsonNode node, String name) {
        String value = node.path(name).asText("").strip();
        return value.isEmpty() || value.length() > LONGEST_NAME ? Optional.empty() : Optional.of(value);
    }

    private static Optional<ZoneId> zone(String name) {
        try {
            return Optional.of(ZoneId.of(name));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
