package io.varve.provider.defender;

import io.varve.provider.MemoryCapture;
import io.varve.provider.ProviderContractTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// The investigation package is the capture here: it takes no time on the host, so it can be killed at every step.
@Tag("contained")
class DefenderContractTest extends ProviderContractTest {
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

    @Override
    protected Attempt attempt(OtherSide behaviour) {
        Instant deadline = contoso.clock.instant().plus(Duration.ofDays(5));
        switch (behaviour) {
            case WORKS -> {}
            case OFFLINE -> contoso.device.goOffline();
            case FAILS -> contoso.emulator.behaviour().unsignedScriptsAllowed = false;
            case STUCK -> {
                contoso.emulator.behaviour().startDelay = Duration.ofDays(2);
                deadline = contoso.clock.instant().plus(Duration.ofSeconds(1));
            }
        }
        var capture = MemoryCapture.through(contoso.connection(), contoso.machine.id(), deadline, folder)
                .collecting(behaviour == OtherSide.FAILS ? "volatile" : InvestigationPackage.PROFILE);
        return new Attempt(new DefenderProvider(contoso.clock, contoso.waiting), capture);
    }

    @Override
    protected String failure() {
        return "Unsigned script execution is disabled";
    }

    @Override
    protected int begun() {
        return contoso.emulator.recorder().count("POST", "*/collectInvestigationPackage");
    }
}
