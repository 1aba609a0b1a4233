package io.varve.acquisition.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.NormalisedAlert;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every captured Darktrace alert is read. The other files beside them are answers to other calls.
class DarktraceCorpusTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T12:00:00Z");

    @TestFactory
    Stream<DynamicTest> everySampleIsRead() throws Exception {
        Path samples = Path.of(System.getProperty("varve.corpus", "."), "../../contracts/samples/darktrace");
        Assumptions.assumeTrue(Files.isDirectory(samples), "no captured alerts beside the corpus");
        try (Stream<Path> files = Files.list(samples)) {
            return files.filter(file -> isAlert(file.getFileName().toString())).sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> read(file)));
        }
    }

    private static boolean isAlert(String name) {
        return name.startsWith("sekoia_test_") || name.startsWith("api_") || name.equals("aianalyst_groups.json");
    }

    private static void read(Path file) throws Exception {
        for (JsonNode event : AlertBody.read(Files.readAllBytes(file))) {
            NormalisedAlert alert = new Darktrace().read(event, RECEIVED);
            assertThat(alert.sourceAlertId()).isNotBlank();
            assertThat(alert.title()).isNotBlank();
            assertThat(alert.severity()).isBetween(1, 100);
            assertThat(alert.firstSeen()).isBefore(RECEIVED);
        }
    }
}
