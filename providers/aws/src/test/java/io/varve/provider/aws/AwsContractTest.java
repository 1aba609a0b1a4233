package io.varve.provider.aws;

import io.varve.emulator.aws.AwsEmulator;
import io.varve.emulator.aws.Instance;
import io.varve.emulator.aws.Scene;
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
final class AwsContractTest extends ProviderContractTest {
    @TempDir
    private Path folder = Path.of("");

    private World world = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(AwsEmulator.possible(), "no moto_server on this machine: AWS is skipped");
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
        Instance instance = world.instance(Scene.Disk.of(world.disk(3)));
        MemoryCapture capture = switch (behaviour) {
            // a port that nobody listens on
            case OFFLINE -> world.capture(instance, Map.of("endpoint", "http://127.0.0.1:9"));
            case STUCK -> world.capture(instance, Map.of("poll_seconds", "600"));
            case WORKS, FAILS -> world.capture(instance);
        };
        switch (behaviour) {
            case STUCK -> world.aws.settling(Duration.ofDays(30));
            case FAILS -> world.aws.faults().always(AwsEmulator.action("ec2:CreateSnapshots"), Fault.broken());
            case WORKS, OFFLINE -> {}
        }
        return new Attempt(world.provider, capture);
    }

    @Override
    protected int begun() {
        return (int) world.aws.actions().stream()
                .filter(action -> action.name().equals("ec2:CreateSnapshots"))
                .count();
    }

    @Override
    protected String failure() {
        return "broken";
    }
}
