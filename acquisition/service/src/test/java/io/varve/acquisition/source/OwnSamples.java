package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.acquisition.model.NormalisedAlert;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Small alerts of our own making, by source, with invented names: `src/test/resources/alerts`.
final class OwnSamples {
    static final Instant RECEIVED = Instant.parse("2026-11-22T12:00:00Z");
    private static final Path FOLDER = Path.of("src/test/resources/alerts");
    private static final ObjectMapper JSON = new ObjectMapper();

    private OwnSamples() {}

    record Sample(AlertSource source, String name, byte[] body) {
        List<JsonNode> events() throws UnreadableAlertException {
            return AlertBody.read(body, source);
        }

        List<NormalisedAlert> alerts() throws UnreadableAlertException {
            var alerts = new ArrayList<NormalisedAlert>();
            for (JsonNode event : events()) {
                alerts.add(source.read(event, RECEIVED));
            }
            return alerts;
        }

        @Override
        public String toString() {
            return source.name() + "/" + name;
        }
    }

    static List<Sample> all() {
        return AlertSource.ALL.stream().flatMap(source -> of(source.name())).toList();
    }

    static Stream<Sample> of(String source) {
        try (Stream<Path> files = Files.list(FOLDER.resolve(source))) {
            return files.filter(file -> !file.endsWith("mapping.json")).sorted().toList().stream()
                    .map(file -> new Sample(source(source), file.getFileName().toString(), read(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<NormalisedAlert> alerts(String source, String file) throws Exception {
        return new Sample(source(source), file, read(FOLDER.resolve(source).resolve(file))).alerts();
    }

    static NormalisedAlert alert(String source, String file) throws Exception {
        return alerts(source, file).getFirst();
    }

    static Mapping mapping() {
        try {
            return JSON.readValue(read(FOLDER.resolve("custom/mapping.json")), Mapping.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AlertSource source(String name) {
        return name.equals(Mapped.NAME)
                ? new Mapped(mapping())
                : AlertSource.named(name).orElseThrow();
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
