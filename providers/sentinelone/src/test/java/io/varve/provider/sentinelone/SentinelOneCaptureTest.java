package io.varve.provider.sentinelone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Device;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.Fault;
import io.varve.emulator.sentinelone.Behaviour.ResultShape;
import io.varve.provider.MemoryCapture;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.ContainedCapture;
import io.varve.provider.sentinelone.SmallCollector.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Captures of a quarantined host over SentinelOne.
@Tag("contained")
class SentinelOneCaptureTest {
    @TempDir
    Path folder;

    private World world;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Device.possible(), "no sandboxes on this machine");
        world = new World(folder);
        world.settings.put("part_kilobytes", "9000");
        world.settings.put("result_megabytes", "20");
    }

    @AfterEach
    void close() {
        if (world != null) {
            world.console.assertNoContainmentCalls();
            world.close();
        }
    }

    private void small(MemoryCapture capture, Mode mode) throws ProviderException, InterruptedException {
        new ContainedCapture(SmallCollector.hosts(world, mode), world.clock, world.waiting()).run(capture);
    }

    private static List<String> custody(MemoryCapture capture, String beginning) {
        return capture.custodyLines().stream()
                .filter(line -> line.startsWith(beginning))
                .toList();
    }

    /// Runs of the collector that brought parts.
    private static long fetches(MemoryCapture capture) {
        return custody(capture, "channel.task").stream()
                .filter(line -> line.endsWith(" 999999"))
                .count();
    }

    private static long starts(MemoryCapture capture) {
        return custody(capture, "channel.task").stream()
                .filter(line -> line.contains(": start "))
                .count();
    }

    private static void whole(MemoryCapture capture) throws IOException {
        var numbers = new StringBuilder();
        try (InputStream in = new GZIPInputStream(Files.newInputStream(capture.stored()))) {
            String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            for (int part = 1; part <= SmallCollector.PARTS; part++) {
                numbers.append(text.contains("part " + part + "\n") ? part : "-");
            }
        }
        assertThat(numbers.toString()).isEqualTo("12345");
    }

    @Test
    void quarantinedHostIsCapturedAtTheConsolesPaceAndNothingStays() throws Exception {
        MemoryCapture capture = world.capture();
        world.run(capture);
        assertThat(capture.steps())
                .containsEntry("containment_before", "contained")
                .containsEntry("containment_after", "contained")
                .doesNotContainKey("containment_changed");
        assertThat(capture.custodyActions())
                .contains("containment.before", "collector.delivered", "channel.task", "parts.verified", "host.cleaned")
                .endsWith("containment.after");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(capture.stored()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .contains("varve/capture.json")
                    .contains("varve/parts.sha256")
                    .contains(Device.attacker());
        }
        assertThat(world.left()).isEmpty();
        assertThat(world.console.scripts()).isEmpty();
        assertThat(world.console.recorder().calls()).noneMatch(call -> call.status() == 429);
    }

    @Test
    void resultsHeldBackByTheQuarantineComeByFileFetch() throws Exception {
        world.console.behaviour().resultsBlockedInQuarantine = true;
        MemoryCapture capture = world.capture();
        small(capture, Mode.PLAIN);
        whole(capture);
        assertThat(custody(capture, "channel.results")).hasSize(1);
        assertThat(custody(capture, "channel.upload")).hasSizeGreaterThan(3);
        assertThat(capture.steps().get("cleaned")).contains("gone from the host");
        assertThat(world.left()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ResultShape.class)
    void linksAreFoundInEachShapeOfTheAnswer(ResultShape shape) throws Exception {
        world.console.behaviour().resultShape = shape;
        MemoryCapture capture = world.capture();
        small(capture, Mode.PLAIN);
        whole(capture);
        assertThat(capture.steps()).doesNotContainKey("channel.results");
    }

    @Test
    void stormOfRefusalsForSpeedIsWaitedOut() throws Exception {
        for (int call : List.of(2, 9, 17, 25)) {
            world.console.faults().after(call, 3, World.on("*", "/remote-scripts*"), Fault.tooMany());
        }
        world.console.faults().after(3, 4, World.on("GET", "/agents*"), Fault.tooMany());
        MemoryCapture capture = world.capture();
        small(capture, Mode.PLAIN);
        whole(capture);
        assertThat(fetches(capture)).isEqualTo(3);
    }

    @Test
    void damagedDownloadIsDownloadedAgain() throws Exception {
        world.console.faults().after(3, 1, CallFilter.of("GET", "/rso-results/*"), Fault.truncated());
        world.console.faults().after(6, 1, CallFilter.of("GET", "/rso-results/*"), Fault.altered());
        MemoryCapture capture = world.capture();
        small(capture, Mode.PLAIN);
        whole(capture);
        assertThat(fetches(capture)).isEqualTo(3);
    }

    @Test
    void wrongDigestIsFetchedAgain() throws Exception {
        MemoryCapture capture = world.capture();
        small(capture, Mode.ONCE);
        whole(capture);
        assertThat(custody(capture, "part.mismatch")).hasSize(1);
    }

    @Test
    void digestThatStaysWrongEndsTheCaptureAndCleansUp() throws Exception {
        MemoryCapture capture = world.capture();
        assertThatThrownBy(() -> small(capture, Mode.ALWAYS)).hasMessageContaining("part 2 arrived 3 times");
        assertThat(custody(capture, "part.mismatch")).hasSize(3);
        assertThat(world.left()).isEmpty();
        assertThat(world.console.scripts()).isEmpty();
    }

    @Test
    void orderForAnOfflineHostIsGivenOnceAndFollowedWhenItIsBack() throws Exception {
        world.device.goOffline();
        MemoryCapture capture = world.capture();
        for (int attempt = 0; attempt < 2; attempt++) {
            ProviderException offline = catchThrowableOfType(ProviderException.class, () -> small(capture, Mode.PLAIN));
            assertThat(offline.kind()).isEqualTo(Kind.OFFLINE);
            assertThat(offline.retryAfter()).isPresent();
        }
        assertThat(world.calls("POST", "/remote-scripts/execute")).isEqualTo(1);
        world.device.comeOnline();
        small(capture, Mode.PLAIN);
        whole(capture);
        assertThat(starts(capture)).isEqualTo(1);
    }

    @Test
    void hostThatGoesOfflineMidwayIsNotAskedUntilItIsBack() throws Exception {
        world.console.faults().at(4, World.on("POST", "/remote-scripts/execute"), world.device::goOffline);
        MemoryCapture capture = world.capture();
        assertThatThrownBy(() -> small(capture, Mode.PLAIN)).hasMessageContaining("does not answer SentinelOne");
        int orders = world.calls("POST", "/remote-scripts/execute");
        assertThatThrownBy(() -> small(capture, Mode.PLAIN)).hasMessageContaining("does not answer SentinelOne");
        assertThat(world.calls("POST", "/remote-scripts/execute")).isEqualTo(orders);
        world.device.comeOnline();
        small(capture, Mode.PLAIN);
        whole(capture);
        assertThat(fetches(capture)).isEqualTo(3);
    }

    @Test
    void networkStatusThatFlipsIsReportedLoudly() throws Exception {
        world.console.faults().at(4, World.on("POST", "/remote-scripts/execute"), world.device::flipContainment);
        MemoryCapture capture = world.capture();
        small(capture, Mode.PLAIN);
        whole(capture);
        assertThat(capture.steps().get("containment_changed")).startsWith("contained before, normal");
        assertThat(custody(capture, "containment.changed")).hasSize(1);
    }

    @Test
    void runThatNeedsApprovalWaitsForAPersonAndIsNotOrderedAgain() throws Exception {
        world.console.behaviour().approvalNeeded = true;
        MemoryCapture capture = world.capture();
        for (int attempt = 0; attempt < 2; attempt++) {
            ProviderException waits = catchThrowableOfType(ProviderException.class, () -> small(capture, Mode.PLAIN));
            assertThat(waits).hasMessageContaining("waits for approval");
            assertThat(waits.retryAfter()).isPresent();
        }
        assertThat(world.console.waitingForApproval()).hasSize(1);
        assertThat(world.calls("PUT", "*")).isZero();
        world.console.behaviour().approvalNeeded = false;
        world.console.decide(world.console.waitingForApproval().getFirst(), true);
        small(capture, Mode.PLAIN);
        whole(capture);
        assertThat(starts(capture)).isEqualTo(1);
    }

    @Test
    void declinedApprovalEndsTheCapture() throws Exception {
        world.console.behaviour().approvalNeeded = true;
        MemoryCapture capture = world.capture();
        assertThatThrownBy(() -> small(capture, Mode.PLAIN)).hasMessageContaining("waits for approval");
        world.console.decide(world.console.waitingForApproval().getFirst(), false);
        assertThatThrownBy(() -> small(capture, Mode.PLAIN)).hasMessageContaining("is declined");
    }

    @Test
    void failureOnTheHostIsSaidInItsOwnWords() throws Exception {
        MemoryCapture capture = world.capture();
        assertThatThrownBy(() -> small(capture, Mode.FULL)).hasMessageContaining("disk full");
        assertThat(world.left()).isEmpty();
    }

    @Test
    void cleaningWithoutTheRightToDeleteSaysWhatStays() throws Exception {
        world.forbid("Remote Script Orchestration.delete");
        MemoryCapture capture = world.capture();
        small(capture, Mode.PLAIN);
        assertThat(capture.steps().get("cleaned"))
                .contains("stays in SentinelOne's library")
                .contains("Remote Script Orchestration.delete");
    }

    @Test
    void fileOfTheNewestThreatComesAsTheZipOfTheConsole() throws Exception {
        ObjectNode threat = SentinelOne.JSON.createObjectNode().put("id", "1800000000000000001");
        threat.putObject("threatInfo")
                .put("filePath", Device.implant())
                .put("updatedAt", world.clock.instant().toString());
        threat.putObject("agentRealtimeInfo").put("agentId", world.agent.id());
        world.console.addThreat(threat);
        for (int step : new int[] {3, 99}) {
            MemoryCapture capture = world.capture().collecting(ThreatFile.PROFILE);
            capture.breakAfter(step);
            if (step < 99) {
                assertThatThrownBy(() -> world.run(capture)).isInstanceOf(MemoryCapture.KilledException.class);
            }
            world.run(capture);
            try (ResultZip zip = ResultZip.open(capture.stored(), "Infected-1!")) {
                assertThat(zip.member("updaterd")).isPresent();
            }
            assertThat(capture.steps()).containsEntry("containment_after", "contained");
            assertThat(custody(capture, "threat.file"))
                    .singleElement()
                    .asString()
                    .contains("1800000000000000001", "Infected-1!");
            assertThat(custody(capture, "channel.threat")).hasSize(1);
        }
        assertThat(world.left()).isEmpty();
    }

    @Test
    void sharedScriptIsReusedAndStays() throws Exception {
        world.settings.put("script_library", "shared");
        small(world.capture(), Mode.PLAIN);
        small(world.capture(), Mode.PLAIN);
        assertThat(world.console.scripts()).hasSize(1);
        assertThat(world.calls("POST", "/remote-scripts")).isEqualTo(1);
    }
}
