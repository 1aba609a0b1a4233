package io.varve.provider.sentinelone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.emulator.device.Device;
import io.varve.provider.CaptureContext;
import io.varve.provider.MemoryCapture;
import io.varve.provider.Provider;
import io.varve.provider.ProviderContractTest;
import io.varve.provider.ProviderException;
import io.varve.provider.collector.ContainedCapture;
import io.varve.provider.sentinelone.SmallCollector.Mode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// The contract of every provider, with a small collector; and whatever was killed, no part was fetched twice.
@Tag("contained")
class SentinelOneContractTest extends ProviderContractTest {
    @TempDir
    Path folder;

    private World world;
    private final List<MemoryCapture> captures = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Device.possible(), "no sandboxes on this machine");
        world = new World(folder);
        world.settings.put("part_kilobytes", "9000");
        world.settings.put("result_megabytes", "20");
        world.settings.put("state_seconds", "120");
    }

    @AfterEach
    void close() throws IOException {
        if (world == null) {
            return;
        }
        for (MemoryCapture capture : captures) {
            if (capture.steps().containsKey("collected")) {
                assertThat(orders(capture, " 999999")).isEqualTo(3);
            }
        }
        world.console.assertNoContainmentCalls();
        await().untilAsserted(() -> assertThat(world.left()).isEmpty());
        world.close();
    }

    @Override
    protected Attempt attempt(OtherSide behaviour) {
        if (behaviour == OtherSide.OFFLINE) {
            world.device.goOffline();
        }
        try {
            MemoryCapture capture = MemoryCapture.through(
                    world.connection(),
                    "web77",
                    world.clock.instant().plus(Duration.ofHours(1)),
                    Files.createTempDirectory(folder, "capture"));
            captures.add(capture);
            return new Attempt(provider(behaviour), capture);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Provider provider(OtherSide behaviour) {
        Mode mode = switch (behaviour) {
            case WORKS, OFFLINE -> Mode.PLAIN;
            case FAILS -> Mode.FULL;
            case STUCK -> Mode.STUCK;
        };
        return new Provider() {
            @Override
            public String name() {
                return world.provider.name();
            }

            @Override
            public List<String> reaches() {
                return world.provider.reaches();
            }

            @Override
            public void capture(CaptureContext context) throws ProviderException, InterruptedException {
                new ContainedCapture(SmallCollector.hosts(world, mode), world.clock, world.waiting()).run(context);
            }
        };
    }

    @Override
    protected int begun() {
        return captures.stream()
                .mapToInt(capture -> orders(capture, ": start "))
                .sum();
    }

    private static int orders(MemoryCapture capture, String holding) {
        return Math.toIntExact(capture.custodyLines().stream()
                .filter(line -> line.startsWith("channel.task") && line.contains(holding))
                .count());
    }
}
