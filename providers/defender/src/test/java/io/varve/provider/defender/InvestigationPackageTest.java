package io.varve.provider.defender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.device.Snapshot;
import io.varve.evidence.Digest;
import io.varve.provider.MemoryCapture;
import io.varve.provider.ProviderException;
import io.varve.provider.collector.PlainFiles;
import io.varve.provider.collector.RemoteHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("contained")
class InvestigationPackageTest {
    @TempDir
    Path folder;

    private Contoso contoso;

    @BeforeEach
    void tenant() throws Exception {
        contoso = Contoso.in(folder);
    }

    @AfterEach
    void nothingWasContainedOrReleased() {
        contoso.emulator.assertNoContainmentCalls();
        contoso.close();
    }

    private MemoryCapture captured(String machine) throws Exception {
        var capture = MemoryCapture.through(
                        contoso.connection(), machine, contoso.clock.instant().plus(Duration.ofDays(5)), folder)
                .collecting(InvestigationPackage.PROFILE);
        new DefenderProvider(contoso.clock, contoso.waiting).capture(capture);
        return capture;
    }

    @Test
    void packageOfAnIsolatedHostIsTheEvidenceAsItCame() throws Exception {
        Snapshot before = contoso.device.snapshot();
        MemoryCapture capture = captured(contoso.machine.id());
        Path zip = capture.stored();
        try (var entries = new ZipFile(zip.toFile())) {
            assertThat(entries.size()).isPositive();
        }
        assertThat(capture.custodyLines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("package.stored")
                        .contains(Digest.of(Files.readAllBytes(zip)).hex()));
        assertThat(capture.steps())
                .containsEntry("containment_before", "contained")
                .containsEntry("containment_after", "contained");
        assertThat(before.changes(contoso.device.snapshot())).isEmpty();
        assertThat(contoso.emulator.recorder().count("POST", "*/runliveresponse"))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Windows11", "macOS"})
    void packagesOfOtherSystemsAreTakenToo(String platform) throws Exception {
        String id = contoso.emulator.add("other.contoso.example", platform).id();
        try (var entries = new ZipFile(captured(id).stored().toFile())) {
            assertThat(entries.size()).isPositive();
        }
    }

    @Test
    void missingPermissionIsNamed() {
        contoso.grantWithout("Machine.CollectForensics");
        assertThatThrownBy(() -> captured(contoso.machine.id()))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("Machine.CollectForensics")
                .hasMessageContaining("admin consent");
    }

    @Test
    void withoutScriptsThePackageIsTheLiveState() throws Exception {
        contoso.grantWithout("Library.Manage");
        MemoryCapture capture = contoso.capture();
        RemoteHost host = contoso.hosts().find(capture.connection(), capture.target());
        try (var channel = contoso.hosts().open(capture.connection(), host, capture)) {
            assertThat(channel).isInstanceOf(PlainFiles.class);
            assertThat(((PlainFiles) channel).collected(folder)).containsOnlyKeys("defender-investigation-package.zip");
        }
        contoso.grantWithout("Library.Manage", "Machine.CollectForensics");
        try (var channel = contoso.hosts().open(capture.connection(), host, capture)) {
            assertThat(((PlainFiles) channel).collected(folder)).isEmpty();
        }
    }

    @Test
    void captureWithoutTheLibraryTakesFilesOneByOneAndThePackage() throws Exception {
        contoso.grantWithout("Library.Manage");
        MemoryCapture capture = contoso.capture();
        new DefenderProvider(contoso.clock, contoso.waiting).capture(capture);
        assertThat(capture.steps()).containsKeys("plain", "collected").containsEntry("containment_after", "contained");
        try (var archive = new java.util.zip.GZIPInputStream(Files.newInputStream(capture.stored()))) {
            assertThat(new String(archive.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1))
                    .contains("varve/collected/defender-investigation-package.zip", "fs/etc/passwd");
        }
    }
}
