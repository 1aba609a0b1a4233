package io.varve.provider.defender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.Fault;
import io.varve.evidence.Digest;
import io.varve.provider.MemoryCapture;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Channel;
import io.varve.provider.collector.Channel.RemoteFile;
import io.varve.provider.collector.CollectorScript;
import io.varve.provider.collector.RemoteHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("contained")
class LiveResponseChannelTest {
    private static final CollectorScript SCRIPT =
            Contoso.script("#!/bin/bash\nprintf 'args %s\\n' \"$*\"\nprintf 'a \"quoted\\\\line\"\\n\\tend\\n'\n");

    @TempDir
    Path folder;

    private Contoso contoso;
    private MemoryCapture capture;

    @BeforeEach
    void tenant() throws Exception {
        contoso = Contoso.in(folder);
        capture = contoso.capture();
    }

    @AfterEach
    void nothingWasContainedOrReleased() {
        contoso.emulator.assertNoContainmentCalls();
        contoso.close();
    }

    private Channel open() throws Exception {
        RemoteHost host = contoso.hosts().find(capture.connection(), capture.target());
        return contoso.hosts().open(capture.connection(), host, capture);
    }

    @Test
    void scriptRunsFromTheLibraryAndItsOutputComesBack() throws Exception {
        try (Channel channel = open()) {
            channel.deliver(SCRIPT);
            assertThat(contoso.emulator.libraryFiles()).containsExactly(SCRIPT.fileName());
            assertThat(channel.run(SCRIPT, List.of("state", "/var/tmp", "c-1", "5")))
                    .isEqualTo("args state /var/tmp c-1 5\na \"quoted\\line\"\n\tend\n");
            assertThat(channel.remove(SCRIPT))
                    .anySatisfy(line -> assertThat(line).contains("removed"));
        }
        assertThat(contoso.emulator.libraryFiles()).isEmpty();
        assertThat(capture.custodyLines())
                .anySatisfy(line ->
                        assertThat(line).contains("live_response.ordered").contains("RunScript"));
    }

    @Test
    void nothingStaysOnTheHost() throws Exception {
        Snapshot before = contoso.device.snapshot();
        try (Channel channel = open()) {
            channel.deliver(SCRIPT);
            channel.run(SCRIPT, List.of("state"));
            fetch(channel, new RemoteFile("/etc/passwd", 0));
        }
        assertThat(before.changes(contoso.device.snapshot())).isEmpty();
    }

    @Test
    void swappedLibraryFileIsNeitherRunNorOverwritten() throws Exception {
        contoso.emulator.putLibraryFile(SCRIPT.fileName(), "rm -rf /".getBytes(StandardCharsets.UTF_8));
        try (Channel channel = open()) {
            assertRefused(() -> channel.deliver(SCRIPT), Kind.REFUSED, "swapped");
        }
        assertThat(contoso.emulator.recorder().count("POST", "*/runliveresponse"))
                .isZero();
        assertThat(contoso.emulator.recorder().count("POST", "/api/libraryfiles"))
                .isZero();
    }

    @Test
    void scriptThatAnotherCaptureRemovedIsDeliveredAgain() throws Exception {
        try (Channel channel = open()) {
            channel.deliver(SCRIPT);
            contoso.defenders.of(capture.connection()).library().delete(SCRIPT.fileName());
            assertThat(channel.run(SCRIPT, List.of("state"))).startsWith("args state");
        }
    }

    @Test
    void scriptStaysWhileAnotherCaptureUsesIt() throws Exception {
        try (Channel channel = open()) {
            try (Channel other = open()) {
                channel.deliver(SCRIPT);
                other.deliver(SCRIPT);
                assertThat(channel.remove(SCRIPT))
                        .anySatisfy(line -> assertThat(line).contains("other captures"));
            }
            assertThat(channel.remove(SCRIPT))
                    .anySatisfy(line -> assertThat(line).contains("removed"));
        }
    }

    @Test
    void gzipFilesOfTheHostKeepTheirOwnLayer() throws Exception {
        byte[] part = gzip(random(40_000));
        contoso.device.put("/var/tmp/part-000001.gz", part);
        contoso.device.put("/var/tmp/plain.log", "hello\n".getBytes(StandardCharsets.UTF_8));
        try (Channel channel = open()) {
            Map<String, byte[]> known = fetch(
                    channel,
                    new RemoteFile("/var/tmp/part-000001.gz", part.length),
                    new RemoteFile("/var/tmp/plain.log", 6));
            assertThat(known.get("/var/tmp/part-000001.gz")).isEqualTo(part);
            assertThat(known.get("/var/tmp/plain.log"))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("hello\n");
            Map<String, byte[]> unknown = fetch(
                    channel, new RemoteFile("/var/tmp/part-000001.gz", 0), new RemoteFile("/var/tmp/plain.log", 0));
            assertThat(unknown.get("/var/tmp/part-000001.gz")).isEqualTo(part);
            assertThat(unknown.get("/var/tmp/plain.log"))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("hello\n");
        }
    }

    @Test
    void severalFilesComeInOneAction() throws Exception {
        try (Channel channel = open()) {
            assertThat(fetch(channel, new RemoteFile("/etc/passwd", 0), new RemoteFile("/etc/hostname", 0)))
                    .containsOnlyKeys("/etc/passwd", "/etc/hostname");
        }
        assertThat(contoso.emulator.actions("LiveResponse")).containsExactly(Map.entry("Succeeded", 1));
    }

    @Test
    void fileThatIsNotThereIsNotFoundAndThoseBeforeItArrive() throws Exception {
        var arrived = new ArrayList<String>();
        try (Channel channel = open()) {
            assertRefused(
                    () -> channel.fetch(
                            List.of(new RemoteFile("/etc/passwd", 0), new RemoteFile("/etc/nowhere", 0)),
                            (file, _) -> arrived.add(file.path())),
                    Kind.NOT_FOUND,
                    "/etc/nowhere");
        }
        assertThat(arrived).containsExactly("/etc/passwd");
    }

    @Test
    void linkThatHasEndedIsAskedForAgain() throws Exception {
        contoso.emulator
                .faults()
                .next(
                        CallFilter.of("GET", "/blob/*"),
                        new Fault.Before(() -> contoso.clock.advance(Duration.ofHours(1))));
        try (Channel channel = open()) {
            assertThat(fetch(channel, new RemoteFile("/etc/hostname", 0))).containsKey("/etc/hostname");
        }
        assertThat(contoso.emulator.recorder().count("GET", "*GetLiveResponseResultDownloadLink*"))
                .isEqualTo(2);
    }

    @Test
    void resultIsFetchedWithoutOurToken() throws Exception {
        try (Channel channel = open()) {
            fetch(channel, new RemoteFile("/etc/hostname", 0));
        }
        assertThat(contoso.emulator.recorder().calls("GET", "/blob/*"))
                .isNotEmpty()
                .allSatisfy(call -> assertThat(call.caller()).isEmpty());
    }

    @Test
    void damagedResultIsFetchedAgainAndCustodySaysSo() throws Exception {
        byte[] content = random(30_000);
        contoso.device.put("/var/tmp/x", content);
        contoso.emulator.faults().next(CallFilter.of("GET", "/blob/*"), Fault.altered());
        try (Channel channel = open()) {
            assertThat(fetch(channel, new RemoteFile("/var/tmp/x", content.length))
                            .get("/var/tmp/x"))
                    .isEqualTo(content);
        }
        assertThat(capture.custodyActions()).contains("live_response.damaged");
        assertThat(contoso.emulator.actions("LiveResponse")).containsExactly(Map.entry("Succeeded", 1));
    }

    @Test
    void sessionOfSomebodyElseIsWaitedForAndThenSaid() throws Exception {
        contoso.machine.portalSession(true);
        try (Channel channel = open()) {
            assertRefused(() -> fetch(channel, new RemoteFile("/etc/hostname", 0)), Kind.THROTTLED, "portal");
            contoso.machine.portalSession(false);
            assertThat(fetch(channel, new RemoteFile("/etc/hostname", 0))).hasSize(1);
        }
    }

    @Test
    void elevenOrdersTakeMoreThanAMinuteAndNoneIsRefused() throws Exception {
        var start = contoso.clock.instant();
        try (Channel channel = open()) {
            channel.deliver(SCRIPT);
            for (int i = 0; i < 11; i++) {
                channel.run(SCRIPT, List.of("state", Integer.toString(i)));
            }
        }
        assertThat(Duration.between(start, contoso.clock.instant())).isGreaterThan(Duration.ofMinutes(1));
        assertThat(contoso.emulator.recorder().calls("POST", "*/runliveresponse"))
                .hasSize(11)
                .allSatisfy(call -> assertThat(call.status()).isLessThan(300));
    }

    @Test
    void refusalForTooManyCallsIsWaitedFor() throws Exception {
        contoso.emulator.faults().next(CallFilter.of("POST", "*/runliveresponse"), Fault.tooMany());
        contoso.emulator.faults().next(CallFilter.of("GET", "/api/machineactions*"), Fault.tooMany());
        try (Channel channel = open()) {
            assertThat(fetch(channel, new RemoteFile("/etc/hostname", 0))).hasSize(1);
        }
    }

    @Test
    void orderWhoseAnswerWasLostIsNotGivenTwice() throws Exception {
        contoso.emulator.behaviour().startDelay = Duration.ofSeconds(30);
        contoso.emulator.faults().next(CallFilter.of("POST", "*/runliveresponse"), Fault.dropAnswer());
        try (Channel channel = open()) {
            contoso.emulator.behaviour().startDelay = Duration.ofMillis(300);
            assertThat(fetch(channel, new RemoteFile("/etc/hostname", 0))).hasSize(1);
        }
        assertThat(contoso.emulator.actions("LiveResponse")).containsExactly(Map.entry("Succeeded", 1));
    }

    @Test
    void queuedForAnOfflineHostIsFollowedWhenItReturns() throws Exception {
        contoso.device.goOffline();
        try (Channel channel = open()) {
            channel.deliver(SCRIPT);
            assertRefused(() -> channel.run(SCRIPT, List.of("start")), Kind.OFFLINE, "queued");
        }
        assertThat(contoso.emulator.actions("LiveResponse")).containsExactly(Map.entry("Pending", 1));
        contoso.clock.advance(Duration.ofHours(20));
        contoso.device.comeOnline();
        try (Channel channel = open()) {
            channel.deliver(SCRIPT);
            assertThat(channel.run(SCRIPT, List.of("start"))).startsWith("args start");
        }
        assertThat(contoso.emulator.actions("LiveResponse")).containsExactly(Map.entry("Succeeded", 1));
        assertThat(capture.steps()).containsKey(LiveResponse.FIRST);
    }

    @Test
    void filesThatWereFetchedBeforeACrashAreNotFetchedFromTheHostAgain() throws Exception {
        try (Channel channel = open()) {
            channel.fetch(List.of(new RemoteFile("/etc/hostname", 0)), (_, _) -> {
                throw new IOException("killed");
            });
        } catch (IOException e) {
            assertThat(e).hasMessage("killed");
        }
        try (Channel channel = open()) {
            assertThat(fetch(channel, new RemoteFile("/etc/hostname", 0))).hasSize(1);
        }
        assertThat(contoso.emulator.actions("LiveResponse")).containsExactly(Map.entry("Succeeded", 1));
    }

    @Test
    void cancellationCancelsTheAction() throws Exception {
        CollectorScript slow = Contoso.script("#!/bin/bash\nsleep 30\n");
        try (Channel channel = open()) {
            channel.deliver(slow);
            contoso.emulator
                    .faults()
                    .next(CallFilter.of("GET", "/api/machineactions/*"), new Fault.Before(capture::cancelIt));
            assertRefused(() -> channel.run(slow, List.of("start")), Kind.CANCELLED, "cancelled");
        }
        assertThat(contoso.emulator.actions("LiveResponse")).containsExactly(Map.entry("Cancelled", 1));
        assertThat(capture.custodyActions()).contains("live_response.cancelled");
    }

    @Test
    void tokenThatIsRevokedIsReplaced() throws Exception {
        try (Channel channel = open()) {
            fetch(channel, new RemoteFile("/etc/hostname", 0));
            contoso.clock.advance(Duration.ofHours(2));
            assertThat(fetch(channel, new RemoteFile("/etc/passwd", 0))).hasSize(1);
        }
    }

    @Test
    void missingPermissionsAreNamedWithTheirMend() throws Exception {
        contoso.grantWithout("Library.Manage");
        try (Channel channel = open()) {
            assertRefused(
                    () -> channel.deliver(SCRIPT),
                    Kind.FORBIDDEN,
                    "Library.Manage",
                    "API permissions",
                    "admin consent");
            assertThat(fetch(channel, new RemoteFile("/etc/hostname", 0))).hasSize(1);
        }
        contoso.grantWithout("Machine.LiveResponse");
        assertRefused(this::open, Kind.FORBIDDEN, "Machine.LiveResponse", "investigation-package");
        contoso.grantWithout("Machine.Read.All");
        assertRefused(this::open, Kind.FORBIDDEN, "Machine.Read.All");
    }

    @Test
    void liveResponseThatIsSwitchedOffInThePortalIsSaid() throws Exception {
        contoso.emulator.behaviour().liveResponseAllowed = false;
        try (Channel channel = open()) {
            assertRefused(
                    () -> fetch(channel, new RemoteFile("/etc/hostname", 0)), Kind.FORBIDDEN, "Advanced features");
        }
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private static void assertRefused(Attempt attempt, Kind kind, String... texts) {
        assertThatThrownBy(attempt::run)
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind))
                .satisfies(e -> assertThat(e.reason()).contains(texts).doesNotContain("opensesame"));
    }

    private static Map<String, byte[]> fetch(Channel channel, RemoteFile... files) throws Exception {
        var content = new LinkedHashMap<String, byte[]>();
        channel.fetch(List.of(files), (file, local) -> content.put(file.path(), Files.readAllBytes(local)));
        return content;
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        assertThat(Digest.of(bytes)).isNotNull();
        return bytes;
    }

    private static byte[] gzip(byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }
}
