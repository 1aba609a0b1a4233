package io.varve.provider.sentinelone;

import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.TestClock;
import io.varve.emulator.sentinelone.Agent;
import io.varve.emulator.sentinelone.SentinelOneEmulator;
import io.varve.emulator.sentinelone.ServiceUser;
import io.varve.provider.Connection;
import io.varve.provider.MemoryCapture;
import io.varve.provider.ProviderException;
import io.varve.provider.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A SentinelOne console with one quarantined Linux host, and our side of it. Waiting moves the clock that both sides
/// have, so nothing takes as long as it says.
final class World implements AutoCloseable {
    static final String API = SentinelOneEmulator.BASE;
    static final String TOKEN = "eyJrIjoi-a-token-of-the-test";

    final TestClock clock = TestClock.running();
    final SentinelOneEmulator console = new SentinelOneEmulator(clock);
    final Device device;
    final Agent agent;
    final Snapshot before;
    final Map<String, String> settings = new LinkedHashMap<>();
    final SentinelOneProvider provider = new SentinelOneProvider(clock, waiting());
    final SentinelOneVendor vendor = new SentinelOneVendor(clock, waiting());
    private final Path folder;

    World(Path folder) throws IOException {
        this.folder = folder;
        device = Device.start(DeviceFacts.of("web77"), folder);
        agent = console.add(device);
        allow(ServiceUser.CAPTURE);
        console.start();
        before = device.snapshot();
        settings.put("base_url", console.url().toString());
        settings.put("poll_seconds", "1");
        settings.put("state_seconds", "2");
    }

    Waiting waiting() {
        return time -> {
            clock.advance(time);
            // the host is real and needs a moment
            new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
        };
    }

    void allow(Set<String> permissions) {
        console.register(new ServiceUser("varve", TOKEN, clock.instant().plus(Duration.ofDays(90)), permissions));
    }

    void forbid(String permission) {
        var left = new HashSet<>(ServiceUser.CAPTURE);
        left.remove(permission);
        allow(left);
    }

    Connection connection() {
        return new Connection("i-1", "our console", settings, Map.of("api_token", TOKEN));
    }

    MemoryCapture capture() throws IOException {
        return capture(agent.id());
    }

    MemoryCapture capture(String target) throws IOException {
        return MemoryCapture.through(
                connection(),
                target,
                clock.instant().plus(Duration.ofDays(2)),
                Files.createTempDirectory(folder, "capture"));
    }

    void run(MemoryCapture capture) throws ProviderException, InterruptedException {
        provider.capture(capture);
    }

    int calls(String method, String path) {
        return console.recorder().count(method, API + path);
    }

    static CallFilter on(String method, String path) {
        return CallFilter.of(method, API + path);
    }

    List<String> left() throws IOException {
        return before.changes(device.snapshot());
    }

    @Override
    public void close() {
        console.close();
        device.close();
    }
}
