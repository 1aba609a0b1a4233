package io.varve.provider.defender;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.emulator.device.Snapshot;
import io.varve.provider.MemoryCapture;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole captures of an isolated host with the real collector.
@Tag("contained")
class ContainedHostTest {
    @TempDir
    Path folder;

    private Contoso contoso;

    @BeforeEach
    void tenant() throws IOException {
        contoso = Contoso.in(folder);
    }

    @AfterEach
    void nothingWasContainedOrReleased() {
        contoso.emulator.assertNoContainmentCalls();
        contoso.close();
    }

    private void run(MemoryCapture capture) throws Exception {
        new DefenderProvider(contoso.clock, contoso.waiting).capture(capture);
    }

    @Test
    void isolatedHostIsCapturedAndNothingIsLeft() throws Exception {
        Snapshot before = contoso.device.snapshot();
        MemoryCapture capture = contoso.capture().collecting("volatile");
        try {
            run(capture);
        } finally {
            capture.custodyLines().forEach(System.out::println);
        }
        assertThat(before.changes(contoso.device.snapshot())).isEmpty();
        assertThat(contoso.emulator.libraryFiles()).isEmpty();
        assertThat(capture.steps()).containsEntry("containment_before", "contained").containsEntry("containment_after", "contained");
    }
}
