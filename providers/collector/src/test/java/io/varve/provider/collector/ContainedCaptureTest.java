package io.varve.provider.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.emulator.device.Command;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.device.Snapshot;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.MemoryCapture;
import io.varve.provider.MemoryCapture.KilledException;
import io.varve.provider.ProviderException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole flow with the real collector in a sandbox, over a channel that fails where it is told to.
@Tag("contained")
class ContainedCaptureTest {
    @TempDir
    Path folder;

    private Device device;
    private DeviceChannel channel;
    private MemoryCapture capture;

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeTrue(Device.possible(), "no bubblewrap or user namespaces here");
        device = Device.start(DeviceFacts.of("web77"), folder);
        channel = new DeviceChannel(device, folder);
        capture = MemoryCapture.through(
                new Connection("i-1", "none", Map.of(), Map.of()),
                "web77",
                Instant.now().plus(Duration.ofMinutes(10)),
                folder);
    }

    @AfterEach
    void stop() {
        if (device != null) {
            device.close();
        }
    }

    private void run() throws ProviderException, InterruptedException {
        new ContainedCapture(channel, Clock.systemUTC(), Thread::sleep).run(capture);
    }

    @Test
    void aHostIsCapturedWholeWhateverItsFilesAreCalledAndNothingStaysThere() throws Exception {
        device.put("/tmp/two words", bytes("blank"));
        device.put("/tmp/new\nline", bytes("newline"));
        device.put("/tmp/it's \"quoted\"", bytes("quotes"));
        device.put("/tmp/.hidden", bytes("hidden"));
        device.put("/tmp/empty", new byte[0]);
        device.put("/var/log/syslog.1", "0123456789abcdef\n".repeat(150_000).getBytes(StandardCharsets.UTF_8));
        device.run(Command.script(
                "mkfifo /tmp/pipe; ln -s /etc/shadow /tmp/link; printf x > \"/tmp/$(printf 'odd\\377')\""));
        Snapshot before = device.snapshot();

        run();

        Archive archive = Archive.of(capture.stored());
        assertThat(archive.members().keySet()).startsWith("varve/capture.json", "varve/volatile/processes.jsonl");
        assertThat(archive.members().keySet())
                .endsWith("varve/files.jsonl", "varve/outcomes.jsonl", "varve/footprint.json", "varve/parts.sha256");
        assertThat(archive.text("fs/tmp/two words")).isEqualTo("blank");
        assertThat(archive.text("fs/tmp/new\nline")).isEqualTo("newline");
        assertThat(archive.text("fs/tmp/it's \"quoted\"")).isEqualTo("quotes");
        assertThat(archive.text("fs/tmp/.hidden")).isEqualTo("hidden");
        assertThat(archive.text("fs/tmp/odd%FF")).isEqualTo("x");
        assertThat(archive.members().get("fs/var/log/syslog.1")).hasSize(2_550_000);
        assertThat(archive.text("fs/var/log/auth.log")).isEqualTo(text("/var/log/auth.log"));
        assertThat(archive.text("varve/volatile/processes.jsonl")).contains(Device.implant());
        assertThat(archive.text("varve/outcomes.jsonl")).contains("is a pipe").contains("link to /etc/shadow");
        assertThat(archive.members()).doesNotContainKey("fs/etc/shadow");
        everyLineIsJson(archive);
        assertThat(before.changes(device.snapshot())).isEmpty();
    }

    private static void everyLineIsJson(Archive archive) throws IOException {
        var json = new ObjectMapper();
        for (String name : archive.members().keySet()) {
            if (name.startsWith("varve/") && name.endsWith(".jsonl")) {
                for (String line : archive.text(name).split("\n")) {
                    if (!line.isEmpty()) {
                        assertThat(json.readTree(line).isObject()).as(name).isTrue();
                    }
                }
            }
        }
    }

    @Test
    void aWorkerKilledAfterEveryStepFetchesNoPartTwice() throws Exception {
        Snapshot before = device.snapshot();
        int steps = 1;
        boolean done = false;
        while (!done) {
            capture.breakAfter(steps++);
            try {
                run();
                done = true;
            } catch (KilledException e) {
                assertThat(steps).isLessThan(20);
            }
        }
        Archive.of(capture.stored());
        assertThat(new HashSet<>(channel.fetched())).hasSameSizeAs(channel.fetched());
        assertThat(before.changes(device.snapshot())).isEmpty();
    }

    @Test
    void aDamagedPartIsFetchedAgainAndReported() throws Exception {
        channel.damage(1);

        run();

        Archive.of(capture.stored());
        assertThat(capture.custodyActions()).contains("part.mismatch", "parts.verified");
    }

    @Test
    void aPartThatNeverArrivesWholeEndsTheCaptureAndIsCleanedUp() throws Exception {
        Snapshot before = device.snapshot();
        channel.damage(1_000);

        assertThatThrownBy(this::run).hasMessageContaining("other bytes than the host states");

        assertThat(before.changes(device.snapshot())).isEmpty();
    }

    @Test
    void aChangeOfContainmentIsSaidLoudly() throws Exception {
        capture.completed("containment_before", "normal");

        run();

        assertThat(capture.steps()).containsKey(ContainmentWatch.CHANGED);
    }

    @Test
    void aCollectorKilledOnTheHostIsReportedAndLeavesNothing() throws Exception {
        Snapshot before = device.snapshot();
        CollectorScript script = CollectorScripts.of(
                io.varve.provider.collector.profile.Profiles.named("triage").orElseThrow(), Platform.LINUX);
        channel.deliver(script);
        var collector = new Collector(channel, script, channel.terms(), capture);
        collector.start();
        device.run(Command.script("kill -9 -$(cat /var/tmp/varve-%s/pid)".formatted(capture.capture())));

        assertThat(collector.state(1).state()).isEqualTo(CollectorState.State.FAILED);
        assertThat(collector.clean().state()).isEqualTo(CollectorState.State.ABSENT);
        assertThat(before.changes(device.snapshot())).isEmpty();
    }

    @Test
    void withoutTheRightToRunScriptsTheFilesAreFetchedOneByOne() throws Exception {
        channel.withoutScripts();
        channel.containment(Containment.CONTAINED);
        Snapshot before = device.snapshot();

        run();

        Archive archive = Archive.of(capture.stored());
        assertThat(archive.text("fs/home/alice/.bash_history")).isEqualTo(text("/home/alice/.bash_history"));
        assertThat(archive.text("fs/var/log/auth.log")).isEqualTo(text("/var/log/auth.log"));
        assertThat(archive.text("varve/collected/live/ps.txt")).contains("init");
        assertThat(archive.text("varve/outcomes.jsonl")).contains("\"missing\"").contains("without a script");
        assertThat(capture.custodyActions()).contains("collector.refused", "files.fetched");
        assertThat(before.changes(device.snapshot())).isEmpty();
    }

    @Test
    void aPlainCaptureGoesOnAfterAKilledWorker() throws Exception {
        channel.withoutScripts();
        capture.breakAfter(8);

        assertThatThrownBy(this::run).isInstanceOf(KilledException.class);
        run();

        Archive archive = Archive.of(capture.stored());
        assertThat(archive.text("fs/var/log/syslog")).isEqualTo(text("/var/log/syslog"));
    }

    private String text(String path) throws IOException {
        try (var in = device.read(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
