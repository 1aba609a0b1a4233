package io.varve.provider.azure;

import io.varve.emulator.azure.AzureEmulator;
import io.varve.emulator.azure.Machine;
import io.varve.emulator.azure.ManagedDisk;
import io.varve.emulator.kit.Fault;
import io.varve.provider.MemoryCapture;
import io.varve.provider.ProviderContractTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("cloud")
final class AzureContractTest extends ProviderContractTest {
    @TempDir
    private Path folder = Path.of("");

    private World world = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeEach
    void start() throws Exception {
        world = new World(Files.createDirectories(folder.resolve("world")));
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Override
    protected Attempt attempt(OtherSide behaviour) {
        Machine machine = world.machine(ManagedDisk.of(world.disk(3)));
        MemoryCapture capture = switch (behaviour) {
            // a port that nobody listens on
            case OFFLINE -> world.capture(machine.id(), Map.of("endpoint", "https://127.0.0.1:9"));
            default -> world.capture(machine.id(), Map.of("poll_seconds", "600"));
        };
        switch (behaviour) {
            case STUCK -> world.azure.settling(Duration.ofDays(30));
            case FAILS ->
                world.azure.faults().always(AzureEmulator.action("Microsoft.Compute/snapshots/write"), Fault.broken());
            case WORKS, OFFLINE -> {}
        }
        return new Attempt(world.provider, capture);
    }

    @Override
    protected int begun() {
        return world.azure.recorder().count("PUT", "*/snapshots/*");
    }

    @Override
    protected String failure() {
        return "Something went wrong";
    }
}
