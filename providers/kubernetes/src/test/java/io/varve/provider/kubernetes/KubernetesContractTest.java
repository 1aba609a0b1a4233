package io.varve.provider.kubernetes;

import io.varve.emulator.device.Device;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.Fault;
import io.varve.emulator.kubernetes.Container;
import io.varve.emulator.kubernetes.Pod;
import io.varve.provider.MemoryCapture;
import io.varve.provider.ProviderContractTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("cloud")
final class KubernetesContractTest extends ProviderContractTest {
    @TempDir
    private Path folder = Path.of("");

    private World world = unset();
    private int pods;

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(Device.possible(), "bubblewrap cannot make user namespaces here");
        world = new World(Files.createDirectories(folder.resolve("world")));
    }

    @AfterEach
    void stop() {
        if (world != null) {
            world.close();
        }
    }

    @Override
    protected Attempt attempt(OtherSide behaviour) {
        Container app = Container.of("app", world.device).logging("ready");
        Pod pod = world.pod("checkout-%d".formatted(++pods), app);
        try {
            return new Attempt(world.provider, capture(behaviour, pod));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MemoryCapture capture(OtherSide behaviour, Pod pod) throws IOException {
        switch (behaviour) {
            case FAILS -> world.cluster.faults().always(CallFilter.of("GET", "*/log"), Fault.broken());
            // past its deadline before it is done
            case STUCK -> {
                return world.late(pod);
            }
            case WORKS, OFFLINE -> {}
        }
        // a port that nobody listens on
        Map<String, String> settings =
                behaviour == OtherSide.OFFLINE ? Map.of("api_server", "https://127.0.0.1:9") : Map.of();
        return world.capture(pod, settings).collecting("volatile");
    }

    @Override
    protected int begun() {
        return (int) world.cluster.recorder().calls("GET", "*/exec").stream()
                .filter(call -> call.query()
                        .getOrDefault("command", java.util.List.of())
                        .contains("start"))
                .count();
    }

    @Override
    protected String failure() {
        return "etcdserver";
    }
}
