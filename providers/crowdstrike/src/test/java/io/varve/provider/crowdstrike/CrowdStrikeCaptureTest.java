package io.varve.provider.crowdstrike;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.crowdstrike.Settings;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.Fault;
import io.varve.provider.MemoryCapture;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Captures of a contained host from end to end: the real collector runs in the sandbox, nothing but the emulator
/// leads to it.
@Tag("contained")
class CrowdStrikeCaptureTest {
    private static final CallFilter DOWNLOAD = CallFilter.of("GET", "*/extracted-file-contents/*");

    @TempDir
    Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private Tenant tenant;

    @SuppressWarnings("NullAway.Init")
    private Snapshot before;

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeTrue(Device.possible(), "bubblewrap cannot make user namespaces here");
        var behaviour = Settings.documented();
        tenant = new Tenant(
                folder,
                new Settings(
                        behaviour.region(),
                        behaviour.perMinute(),
                        behaviour.tokenLife(),
                        behaviour.sessionLife(),
                        behaviour.largestGet(),
                        behaviour.largestPut(),
                        1,
                        1,
                        0));
        before = tenant.device.snapshot();
    }

    @AfterEach
    void stop() {
        tenant.falcon.assertNoContainmentCalls();
        tenant.close();
    }

    private List<String> names(MemoryCapture capture) throws IOException {
        var names = new ArrayList<String>();
        try (var tar = new TarArchiveInputStream(
                new GZIPInputStream(new BufferedInputStream(Files.newInputStream(capture.stored()))))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }

    private void assertNothingIsLeft() throws IOException {
        assertThat(before.changes(tenant.device.snapshot())).isEmpty();
        assertThat(tenant.falcon.cloudFiles()).isEmpty();
        assertThat(tenant.falcon.openSessions()).isEmpty();
        assertThat(tenant.falcon.putFiles()).hasSize(1);
    }

    /// Downloads that arrived whole and undamaged.
    private int goodDownloads() {
        return (int) tenant.falcon.recorder().calls("GET", "*/extracted-file-contents/*").stream()
                .filter(call ->
                        call.status() == 200 && !List.of("Altered", "Midway").contains(call.fault()))
                .count();
    }

    private static int parts(MemoryCapture capture) throws IOException {
        return capture.upload().parts().size();
    }

    @Test
    void containedHostIsCapturedAndNothingIsLeftThere() throws Exception {
        MemoryCapture capture = tenant.capture();
        tenant.provider().capture(capture);
        assertThat(names(capture))
                .contains("varve/capture.json", "varve/parts.sha256")
                .anyMatch(name -> name.endsWith("etc/passwd"));
        assertThat(parts(capture)).isGreaterThan(3);
        assertThat(goodDownloads()).isEqualTo(parts(capture));
        assertThat(capture.custodyLines())
                .contains(
                        "containment.before: contained on " + tenant.host.aid(),
                        "containment.after: contained on " + tenant.host.aid());
        assertThat(capture.steps()).doesNotContainKey("containment_changed");
        assertNothingIsLeft();
    }

    /// All at once, because each capture takes its time: sessions expire, calls come too fast, a part arrives damaged,
    /// somebody releases the host, and the worker is killed in the middle of a fetch.
    @Test
    void captureGoesThroughAllThatGoesWrong() throws Exception {
        for (int call = 20; call < 200; call += 20) {
            tenant.falcon.faults().after(call, 6, CallFilter.any(), Fault.tooMany());
        }
        tenant.falcon
                .faults()
                .at(1, DOWNLOAD, () -> tenant.clock.advance(Duration.ofMinutes(11)))
                .after(1, 1, DOWNLOAD, Fault.altered())
                .at(4, DOWNLOAD, tenant.device::flipContainment)
                .at(5, DOWNLOAD, () -> tenant.clock.advance(Duration.ofMinutes(11)));
        MemoryCapture capture = tenant.capture();
        tenant.falcon.faults().midway(6, DOWNLOAD, Thread.currentThread()::interrupt);
        assertThatThrownBy(() -> tenant.provider().capture(capture)).isInstanceOf(InterruptedException.class);
        int stored = parts(capture);
        assertThat(stored).isPositive();
        tenant.provider().capture(capture);
        assertThat(names(capture)).contains("varve/parts.sha256");
        assertThat(goodDownloads()).isEqualTo(parts(capture));
        assertThat(tenant.falcon.recorder().calls()).anyMatch(call -> call.status() == 429);
        assertThat(capture.custodyActions()).contains("containment.changed");
        assertThat(capture.custodyLines()).contains("containment.after: normal on " + tenant.host.aid());
        assertNothingIsLeft();
    }

    @Test
    void partThatAlwaysArrivesDamagedIsReported() throws Exception {
        tenant.falcon.faults().always(DOWNLOAD, Fault.altered());
        MemoryCapture capture = tenant.capture().collects("volatile");
        assertThatThrownBy(() -> tenant.provider().capture(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .satisfies(e -> assertThat(e).hasMessageContaining("damaged"));
        assertNothingIsLeft();
    }

    @Test
    void hostThatIsOfflineIsCapturedWhenItIsBack() throws Exception {
        tenant.device.goOffline();
        MemoryCapture capture = tenant.capture().collects("volatile");
        assertThatThrownBy(() -> tenant.provider().capture(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.OFFLINE))
                .satisfies(e -> assertThat(e.retryAfter()).isPresent());
        assertThat(capture.custodyActions()).contains("channel.queued");
        tenant.device.comeOnline();
        tenant.provider().capture(capture);
        assertThat(names(capture)).contains("varve/parts.sha256");
        assertNothingIsLeft();
    }
}
