package io.varve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Limits;
import io.varve.disk.Evidence;
import io.varve.disk.Scratch;
import io.varve.event.Coverage;
import io.varve.event.Coverage.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunTest {
    @TempDir
    Path folder;

    @TempDir
    Path scratch;

    private final CollectingOutput output = new CollectingOutput();
    private final Totals totals = new Totals();

    private Coverage of(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
        run();
        return output.row("/" + name);
    }

    private void run() throws IOException {
        try (Evidence evidence = Evidence.open(folder, new Scratch(scratch, 1L << 30))) {
            Run.of(
                    "named",
                    "local/key",
                    evidence,
                    new Given(Optional.empty(), OptionalInt.empty()),
                    new Parsers(List.of(new LineParser())),
                    output,
                    totals);
        }
    }

    @Test
    void a_file_read_whole_is_parsed() throws Exception {
        Coverage row = of("a.lines", "one\ntwo\nwarn\n");
        assertThat(row.status()).isEqualTo(Status.PARSED);
        assertThat(row.found()).isEqualTo(2);
        assertThat(row.events()).isEqualTo(2);
        assertThat(row.warnings()).hasSize(1);
        assertThat(row.parser()).contains("lines");
        assertThat(output.events.getFirst().location().evidence()).isEqualTo("named");
        assertThat(totals.exitCode()).isZero();
    }

    @Test
    void a_rejected_record_makes_it_partial() throws Exception {
        Coverage row = of("a.lines", "one\nreject\ntwo\n");
        assertThat(row.status()).isEqualTo(Status.PARTIAL);
        assertThat(row.found()).isEqualTo(3);
        assertThat(row.rejected()).isEqualTo(1);
        assertThat(totals.exitCode()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"corrupt", "io", "bug", "overflow", "memory"})
    void whatever_a_parser_does_costs_its_file_only(String fault) throws Exception {
        Files.writeString(folder.resolve("b.lines"), "fine\n");
        Coverage row = of("a.lines", "one\n" + fault + "\nlost\n");
        assertThat(row.status()).isEqualTo(Status.PARTIAL);
        assertThat(row.parsed()).isEqualTo(1);
        assertThat(row.warnings()).isNotEmpty();
        assertThat(output.row("/b.lines").status()).isEqualTo(Status.PARSED);
        assertThat(totals.exitCode()).isEqualTo(1);
    }

    @Test
    void nothing_read_is_failed_with_a_reason() throws Exception {
        Coverage row = of("a.lines", "corrupt\n");
        assertThat(row.status()).isEqualTo(Status.FAILED);
        assertThat(row.warnings()).extracting(Coverage.Warning::reason).containsExactly("told to");
        assertThat(totals.exitCode()).isEqualTo(3);
    }

    @Test
    void a_file_without_parser_is_unparsed_with_its_media_type() throws Exception {
        Coverage row = of("a.html", "<!DOCTYPE html><html></html>");
        assertThat(row.status()).isEqualTo(Status.UNPARSED);
        assertThat(row.mediaType()).contains("text/html");
        assertThat(row.sha256()).isPresent();
        assertThat(totals.exitCode()).isZero();
    }

    @Test
    void an_empty_file_is_empty() throws Exception {
        assertThat(of("a.lines", "").status()).isEqualTo(Status.EMPTY);
    }

    @Test
    void warnings_end_in_a_count() throws Exception {
        Coverage row = of("a.lines", "warn\n".repeat(Limits.WARNINGS + 7));
        assertThat(row.warnings()).hasSize(Limits.WARNINGS + 1);
        assertThat(row.warnings().getLast().reason()).isEqualTo("and 7 more warnings");
    }

    @Test
    void an_archive_read_whole_has_no_row_of_its_own() throws Exception {
        Files.write(folder.resolve("x.zip"), zip("a.lines", "one\n"));
        run();
        assertThat(output.rows).extracting(Coverage::path).containsExactly("/x.zip!/a.lines");
    }

    @Test
    void a_cut_compressed_file_is_partial_with_what_came_out() throws Exception {
        byte[] whole = gzip("line of some length\n".repeat(20_000));
        Files.write(folder.resolve("a.lines.gz"), java.util.Arrays.copyOf(whole, whole.length / 2));
        run();
        Coverage row = output.row("/a.lines.gz!/a.lines");
        assertThat(row.status()).isEqualTo(Status.PARTIAL);
        assertThat(row.parsed()).isPositive();
        assertThat(row.warnings()).hasSize(1);
    }

    @Test
    void a_broken_archive_is_failed() throws Exception {
        Files.write(folder.resolve("x.zip"), java.util.Arrays.copyOf(zip("a.lines", "one\n"), 20));
        run();
        assertThat(output.row("/x.zip").status()).isEqualTo(Status.FAILED);
    }

    @Test
    void context_comes_from_the_evidence() throws Exception {
        Files.createDirectories(folder.resolve("etc"));
        Files.writeString(folder.resolve("etc/hostname"), "web01\n");
        of("a.lines", "one\n");
        assertThat(output.events.getFirst().host()).contains("web01");
    }

    private static byte[] zip(String name, String content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private static byte[] gzip(String content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }
}
