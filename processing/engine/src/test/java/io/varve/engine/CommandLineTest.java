package io.varve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command line as a process of its own, with its real exit codes.
class CommandLineTest {
    private static final String LOG =
            "2026-11-22T01:00:19.308008+00:00 web01 sshd[40]: Server listening on :: port 22.\n";

    @TempDir
    Path folder;

    private record Result(int exit, String out, String err) {}

    private Result varve(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(EngineProcess.java());
        command.addAll(List.of(arguments));
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        int exit = process.waitFor();
        return new Result(exit, Files.readString(out, StandardCharsets.ISO_8859_1), Files.readString(err));
    }

    private Path evidence() throws IOException {
        Path log = folder.resolve("evidence/var/log");
        Files.createDirectories(log);
        Files.writeString(log.resolve("syslog"), LOG);
        return folder.resolve("evidence");
    }

    @Test
    void events_go_to_standard_output_and_name_the_evidence_as_given() throws Exception {
        evidence();
        Result result = varve("process", "evidence", "--coverage", "coverage.json");
        assertThat(result.exit).isZero();
        assertThat(result.err).isEmpty();
        JsonNode event =
                new JsonMapper().readTree(result.out.lines().findFirst().orElseThrow());
        assertThat(event.path("location").path("evidence").asText()).isEqualTo("evidence");
        assertThat(event.path("location").path("path").asText()).isEqualTo("/var/log/syslog");
        JsonNode coverage =
                new JsonMapper().readTree(folder.resolve("coverage.json").toFile());
        assertThat(coverage.path("files").get(0).path("status").asText()).isEqualTo("parsed");
        assertThat(coverage.path("totals").path("events").asInt()).isEqualTo(1);
        assertThat(coverage.path("evidence").get(0).asText()).isEqualTo("evidence");
    }

    @Test
    void several_pieces_of_evidence_are_one_run() throws Exception {
        evidence();
        Files.writeString(folder.resolve("auth.log"), LOG);
        Result result = varve("process", "evidence", "auth.log", "-o", "events.jsonl");
        assertThat(result.exit).isZero();
        assertThat(Files.readAllLines(folder.resolve("events.jsonl"))).hasSize(2);
    }

    @Test
    void bad_usage_is_2() throws Exception {
        evidence();
        assertThat(varve("process").exit).isEqualTo(2);
        assertThat(varve("process", "absent").exit).isEqualTo(2);
        assertThat(varve("process", "evidence", "--zone", "Nowhere/City").exit).isEqualTo(2);
        assertThat(varve("process", "evidence", "--key", "nonsense:x").exit).isEqualTo(2);
        assertThat(varve("process", "evidence", "-o", "evidence/events").exit).isEqualTo(2);
        assertThat(varve("nonsense").exit).isEqualTo(2);
    }

    @Test
    void a_command_explains_itself() throws Exception {
        Result help = varve("files", "--help");
        assertThat(help.exit).isZero();
        assertThat(help.out).contains("--hash", "--key", "--scratch-limit");
    }

    @Test
    void what_cannot_be_written_is_4() throws Exception {
        evidence();
        Path full = Path.of("/dev/full");
        assumeThat(Files.exists(full)).isTrue();
        assertThat(varve("files", "evidence", "-o", full.toString()).exit).isEqualTo(Main.NOT_WRITTEN);
        assertThat(varve("process", "evidence", "-o", full.toString()).exit).isEqualTo(Main.NOT_WRITTEN);
    }

    @Test
    void part_lost_is_1_and_nothing_read_is_3() throws Exception {
        evidence();
        Files.write(folder.resolve("evidence/broken.zip"), new byte[] {'P', 'K', 3, 4, 0, 0});
        assertThat(varve("process", "evidence").exit).isEqualTo(1);
        assertThat(varve("process", "evidence/broken.zip").exit).isEqualTo(3);
    }

    @Test
    void files_lists_names_with_digests() throws Exception {
        evidence();
        Result result = varve("files", "evidence", "--hash", "md5,sha256");
        assertThat(result.exit).isZero();
        JsonNode file = new JsonMapper().readTree(result.out.lines().toList().getLast());
        assertThat(file.path("path").asText()).isEqualTo("/var/log/syslog");
        assertThat(file.path("size").asInt()).isEqualTo(LOG.length());
        assertThat(file.path("md5").asText()).hasSize(32);
        assertThat(file.path("sha256").asText()).hasSize(64);
        assertThat(file.path("mtime").asText()).endsWith("Z");
    }

    @Test
    void cat_writes_the_bytes_of_a_member() throws Exception {
        try (var zip = new ZipOutputStream(Files.newOutputStream(folder.resolve("x.zip")))) {
            zip.putNextEntry(new ZipEntry("a"));
            zip.write(new byte[] {1, 2, (byte) 0xff});
        }
        Result result = varve("cat", "x.zip", "/x.zip!/a");
        assertThat(result.exit).isZero();
        assertThat(result.out.getBytes(StandardCharsets.ISO_8859_1)).containsExactly(1, 2, 0xff);
        assertThat(varve("cat", "x.zip", "/nothing").exit).isEqualTo(3);
    }

    @Test
    void verify_says_what_is_no_package() throws Exception {
        evidence();
        assertThat(varve("verify", "evidence").exit).isEqualTo(3);
        assertThat(varve("verify", "evidence", "--trust", "short").exit).isEqualTo(2);
    }
}
