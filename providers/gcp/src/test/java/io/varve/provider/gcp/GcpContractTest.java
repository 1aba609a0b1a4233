package io.varve.provider.gcp;

import io.varve.emulator.gcp.GcpEmulator;
import io.varve.emulator.gcp.Instance;
import io.varve.emulator.gcp.Scene;
import io.varve.emulator.kit.Fault;
import io.varve.provider.MemoryCapture;
import io.varve.provider.ProviderContractTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("cloud")
final class GcpContractTest extends ProviderContractTest {
    @TempDir
    private Path folder = Path.of("");

    private World world = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(
                GcpEmulator.possible(), "no fake-gcs-server and qemu-img on this machine: Google Cloud is skipped");
        world = World.make(Files.createDirectories(folder.resolve("world")));
    }

    @AfterEach
    void stop() {
        if (world != null) {
            world.close();
        }
    }

    @Override
    protected Attempt attempt(OtherSide behaviour) {
        Instance instance = world.instance(Scene.Disk.of(world.disk(2)));
        MemoryCapture capture = switch (behaviour) {
            // a port that nobody listens on
            case OFFLINE -> world.capture(instance.resource(), Map.of("endpoint", "http://127.0.0.1:9"));
            default -> world.capture(instance);
        };
        switch (behaviour) {
            case STUCK -> world.gcp.exporting(Duration.ofDays(30));
            case FAILS -> world.gcp.faults().always(GcpEmulator.call("POST", "*/createSnapshot"), Fault.broken());
            case WORKS, OFFLINE -> {}
        }
        return new Attempt(world.provider, capture);
    }

    @Override
    protected int begun() {
        return world.gcp.recorder().count("POST", "*/createSnapshot");
    }

    @Override
    protected String failure() {
        return "broken";
    }
}
