package io.varve.provider.defender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.Fault;
import io.varve.provider.MemoryCapture;
import io.varve.provider.MemoryCapture.KilledException;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole captures of an isolated host with the real collector.
@Tag("contained")
class ContainedHostTest {
    private static final Predicate<Call> FETCH = call ->
            call.path().endsWith("/runliveresponse") && call.request().text().contains("GetFile");
    private static final Pattern PART = Pattern.compile("GetFile \\S+part-\\d{6}\\.gz");

    @TempDir
    Path folder;

    private Contoso contoso;
    private Snapshot before;
    private MemoryCapture capture;
    private final Deque<byte[]> originals = new ArrayDeque<>();

    @BeforeEach
    void tenant() throws IOException {
        contoso = Contoso.in(folder);
        before = contoso.device.snapshot();
        capture = contoso.capture().collecting("volatile");
    }

    @AfterEach
    void nothingWasContainedOrReleased() {
        contoso.emulator.assertNoContainmentCalls();
        contoso.close();
    }

    private void run() throws Exception {
        new DefenderProvider(contoso.clock, contoso.waiting).capture(capture);
    }

    private void assertNothingIsLeft() throws IOException {
        assertThat(before.changes(contoso.device.snapshot())).isEmpty();
        assertThat(contoso.emulator.libraryFiles()).isEmpty();
    }

    /// Parts in the order they were ordered from the host.
    private List<String> partsOrdered() {
        return capture.custodyLines().stream()
                .filter(line -> line.startsWith("live_response.ordered"))
                .flatMap(line -> PART.matcher(line).results())
                .map(match -> match.group())
                .toList();
    }

    @Test
    void isolatedHostIsCapturedAndNothingIsLeft() throws Exception {
        run();
        try (var archive = new GZIPInputStream(Files.newInputStream(capture.stored()))) {
            assertThat(new String(archive.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .contains("varve/capture.json", "varve/parts.sha256", "varve/footprint.json");
        }
        assertNothingIsLeft();
        assertThat(capture.steps())
                .containsEntry("containment_before", "contained")
                .containsEntry("containment_after", "contained")
                .containsKey("collected")
                .doesNotContainKey("containment_changed");
        assertThat(capture.custodyActions())
                .contains("containment.before", "parts.verified", "host.cleaned", "containment.after");
        assertThat(contoso.emulator.actions("Isolate")).containsExactly(Map.entry("Succeeded", 1));
    }

    @Test
    void workerThatDiesAfterEveryStepFetchesNoPartTwiceAndStartsOnce() throws Exception {
        for (int steps = 1; steps < 20; steps++) {
            capture.breakAfter(steps);
            try {
                run();
                break;
            } catch (KilledException e) {
                assertThat(capture.steps()).hasSize(steps);
            }
        }
        assertThat(capture.steps()).containsKeys("collected", "cleaned", "containment_after");
        assertThat(partsOrdered()).isNotEmpty().doesNotHaveDuplicates();
        assertThat(capture.custodyLines().stream()
                        .filter(line -> line.startsWith("live_response.ordered") && line.contains(".sh start ")))
                .hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void offlineHostIsCapturedWhenItReturns() throws Exception {
        contoso.device.goOffline();
        assertRefused(Kind.OFFLINE, "queued");
        contoso.clock.advance(Duration.ofDays(1));
        assertRefused(Kind.OFFLINE, "queued");
        contoso.device.comeOnline();
        run();
        assertThat(contoso.emulator.actions("LiveResponse")).containsOnlyKeys("Succeeded");
        assertNothingIsLeft();
    }

    @Test
    void partWithOtherBytesIsFetchedAgainAndReported() throws Exception {
        contoso.emulator.faults().next(FETCH, new Fault.Before(this::changeParts));
        contoso.emulator.faults().next(FETCH, new Fault.Before(this::restorePart));
        run();
        assertThat(capture.custodyActions()).contains("part.mismatch", "parts.verified");
        assertNothingIsLeft();
    }

    @Test
    void partThatNeverHasItsBytesEndsTheCaptureAndIsReported() throws Exception {
        contoso.emulator.faults().always(FETCH, new Fault.Before(this::changeParts));
        assertRefused(Kind.REFUSED, "other bytes");
        assertThat(capture.custodyActions().stream().filter("part.mismatch"::equals))
                .hasSize(3);
        assertNothingIsLeft();
    }

    /// The first part has one byte more than it had.
    private void changeParts() {
        String part = "/var/tmp/varve-" + capture.capture() + "/part-000001.gz";
        try (var in = contoso.device.read(part)) {
            byte[] bytes = in.readAllBytes();
            originals.addLast(bytes);
            contoso.device.put(part, Arrays.copyOf(bytes, bytes.length + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void restorePart() {
        try {
            contoso.device.put("/var/tmp/varve-" + capture.capture() + "/part-000001.gz", originals.getFirst());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void isolationThatSomebodyLiftsMeanwhileIsReportedLoudly() throws Exception {
        contoso.emulator.faults().next(FETCH, new Fault.Before(contoso.device::flipContainment));
        run();
        assertThat(capture.steps())
                .containsEntry("containment_before", "contained")
                .containsEntry("containment_after", "normal")
                .hasEntrySatisfying(
                        "containment_changed", text -> assertThat(text).contains("contained", "normal"));
        assertThat(capture.custodyActions()).contains("containment.changed");
    }

    @Test
    void cancelledCaptureLeavesNothing() throws Exception {
        contoso.emulator.faults().next(FETCH, new Fault.Before(capture::cancelIt));
        assertRefused(Kind.CANCELLED, "cancelled");
        assertNothingIsLeft();
    }

    @Test
    void stormOfRefusalsIsOutlasted() throws Exception {
        contoso.emulator.faults().next(5, CallFilter.of("*", "/api/*"), Fault.tooMany());
        contoso.emulator.faults().next(2, CallFilter.of("GET", "/blob/*"), Fault.truncated());
        run();
        assertThat(partsOrdered()).doesNotHaveDuplicates();
        assertNothingIsLeft();
    }

    private void assertRefused(Kind kind, String text) {
        assertThatThrownBy(this::run)
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind))
                .satisfies(e -> assertThat(e.reason()).contains(text));
    }
}
