package io.varve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.disk.Evidence;
import io.varve.disk.Scratch;
import io.varve.event.Coverage;
import io.varve.event.Coverage.Status;
import io.varve.event.EventTime;
import io.varve.event.TimelineEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The consoles in archives of captures with profile `cloud-logs`, one of each cloud.
class CapturedConsoleTest {
    private static final String TEXT = """
            [    1.000000] rtc_cmos 00:00: setting system clock to 2026-11-27T10:00:01 UTC (1795773601)
            [    9.000000] Out of memory: Killed process 7 (java) total-vm:1kB, UID:33
            Nov 27 10:02:11 web-1 sshd[811]: Accepted password for root from 203.0.113.7 port 50122 ssh2
            """;

    @TempDir
    Path folder;

    @TempDir
    Path scratch;

    private final CollectingOutput output = new CollectingOutput();

    private void expectConsole(String member) throws Exception {
        write("varve/capture.json", """
                {"schema":"varve.capture/1","profile":"cloud-logs","host":{"name":"web-1"},"started":"2026-11-28T00:00:00Z"}
                """);
        write("varve/outcomes.jsonl", "");
        write(member, TEXT);
        Path archive = folder.resolve("capture.tar.gz");
        Process tar = new ProcessBuilder(
                        "tar",
                        "-czf",
                        archive.toString(),
                        "-C",
                        folder.resolve("in").toString(),
                        "varve")
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        try (Evidence evidence = Evidence.open(archive, new Scratch(scratch, 1L << 30))) {
            Run.of(
                    "named",
                    "local/key",
                    evidence,
                    new Given(Optional.empty(), OptionalInt.empty()),
                    Parsers.installed(),
                    output,
                    new Totals());
        }
        Coverage row = output.rows.stream()
                .filter(one -> one.path().endsWith(member))
                .findFirst()
                .orElseThrow(() -> new AssertionError(output.rows));
        assertThat(row.parser()).contains("console");
        assertThat(row.status()).isEqualTo(Status.PARSED);
        assertThat(row.found()).isEqualTo(3);
        List<TimelineEvent> events = output.events.stream()
                .filter(event -> event.location().path().endsWith(member))
                .toList();
        assertThat(events)
                .extracting(TimelineEvent::dataType)
                .containsExactly("linux:console:line", "linux:console:oom_kill", "linux:ssh:login");
        assertThat(events)
                .extracting(event -> event.time().map(EventTime::iso).orElse("undated"))
                .as("the kernel's by the clock, the syslog's year by the capture's")
                .containsExactly(
                        "2026-11-27T10:00:01.000000000Z",
                        "2026-11-27T10:00:09.000000000Z",
                        "2026-11-27T10:02:11.000000000Z");
    }

    private void write(String path, String content) throws Exception {
        Path file = folder.resolve("in").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content, StandardCharsets.UTF_8);
    }

    @Test
    void the_console_of_an_ec2_instance_is_read() throws Exception {
        expectConsole("varve/cloud/aws/console.log");
    }

    @Test
    void the_serial_console_of_an_azure_machine_is_read() throws Exception {
        expectConsole("varve/cloud/azure/serial-console.log");
    }

    @Test
    void the_serial_ports_of_a_compute_engine_instance_are_read() throws Exception {
        expectConsole("varve/cloud/gcp/serial-port-1.log");
    }
}
