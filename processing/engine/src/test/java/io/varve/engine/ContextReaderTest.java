package io.varve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.artefact.EvidenceContext;
import io.varve.disk.Evidence;
import io.varve.disk.Scratch;
import io.varve.event.ZoneSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContextReaderTest {
    private static final Given NOTHING = new Given(Optional.empty(), OptionalInt.empty());

    @TempDir
    Path root;

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private EvidenceContext read(Given given) throws IOException {
        try (Evidence evidence = Evidence.open(root, Scratch.temporary())) {
            return new ContextReader(evidence).read(given);
        }
    }

    @Test
    void nothing_known_is_utc_assumed() throws Exception {
        EvidenceContext context = read(NOTHING);
        assertThat(context.zone()).isEqualTo(ZoneOffset.UTC);
        assertThat(context.zoneSource()).isEqualTo(ZoneSource.ASSUMED);
        assertThat(context.host()).isEmpty();
    }

    @Test
    void a_host_tells_its_name_system_zone_and_users() throws Exception {
        write("etc/hostname", "web01\n");
        write("etc/os-release", "NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
        write("etc/timezone", "Europe/Zurich\n");
        write("etc/passwd", "root:x:0:0::/root:/bin/bash\nalice:x:1000:1000::/:/bin/sh\nbroken\nx:y:z:\n");
        EvidenceContext context = read(NOTHING);
        assertThat(context.host()).contains("web01");
        assertThat(context.operatingSystem()).contains("Debian GNU/Linux 12 (bookworm)");
        assertThat(context.zone()).isEqualTo(ZoneId.of("Europe/Zurich"));
        assertThat(context.zoneSource()).isEqualTo(ZoneSource.HOST);
        assertThat(context.user("1000")).isEqualTo("alice");
        assertThat(context.user("7")).isEqualTo("7");
    }

    @Test
    void a_given_zone_wins() throws Exception {
        write("etc/timezone", "Europe/Zurich\n");
        EvidenceContext context = read(new Given(Optional.of(ZoneId.of("Asia/Tokyo")), OptionalInt.of(2024)));
        assertThat(context.zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
        assertThat(context.zoneSource()).isEqualTo(ZoneSource.GIVEN);
        assertThat(context.year()).hasValue(2024);
    }

    @Test
    void the_link_at_localtime_names_the_zone() throws Exception {
        Files.createDirectories(root.resolve("etc"));
        Files.createSymbolicLink(root.resolve("etc/localtime"), Path.of("../usr/share/zoneinfo/America/New_York"));
        assertThat(read(NOTHING).zone()).isEqualTo(ZoneId.of("America/New_York"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Europe/Zurich", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "America/Santiago"})
    void a_compiled_zone_file_has_the_offsets_of_its_zone(String name) throws Exception {
        Path compiled = Path.of("/usr/share/zoneinfo", name);
        Assumptions.assumeTrue(Files.isRegularFile(compiled), "no zone files on this machine");
        Files.createDirectories(root.resolve("etc"));
        Files.copy(compiled, root.resolve("etc/localtime"));
        EvidenceContext context = read(NOTHING);
        assertThat(context.zoneSource()).isEqualTo(ZoneSource.HOST);
        for (int month = 1; month <= 12; month++) {
            Instant instant = Instant.parse("2025-%02d-15T00:00:00Z".formatted(month));
            assertThat(context.zone().getRules().getOffset(instant))
                    .isEqualTo(ZoneId.of(name).getRules().getOffset(instant));
        }
    }

    @Test
    void the_agents_statement_fills_what_the_files_do_not_say() throws Exception {
        write(
                "varve/capture.json",
                "{\"host\":{\"name\":\"web02\",\"os\":\"Debian\",\"zone\":\"Europe/Oslo\"},\"started\":\"2026-11-22T01:00:00Z\"}");
        EvidenceContext context = read(NOTHING);
        assertThat(context.host()).contains("web02");
        assertThat(context.zone()).isEqualTo(ZoneId.of("Europe/Oslo"));
        assertThat(context.collected()).contains(Instant.parse("2026-11-22T01:00:00Z"));
    }

    @Test
    void nonsense_is_not_believed() throws Exception {
        write("etc/timezone", "../../etc/passwd\n");
        write("etc/localtime", "TZif2 and then nothing\n");
        write("varve/capture.json", "{not json");
        assertThat(read(NOTHING).zoneSource()).isEqualTo(ZoneSource.ASSUMED);
    }
}
