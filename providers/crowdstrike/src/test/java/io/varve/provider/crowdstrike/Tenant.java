package io.varve.provider.crowdstrike;

import io.varve.emulator.crowdstrike.Client;
import io.varve.emulator.crowdstrike.FalconHost;
import io.varve.emulator.crowdstrike.Scope;
import io.varve.emulator.crowdstrike.Settings;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.kit.TestClock;
import io.varve.provider.Connection;
import io.varve.provider.MemoryCapture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A Falcon tenant with one contained host, and an API client with all scopes Varve asks for. Waiting moves the clock;
/// the host itself needs real time, so a little of that passes too.
final class Tenant implements AutoCloseable {
    static final Scope[] SCOPES = {
        Scope.HOSTS_READ, Scope.RTR_READ, Scope.RTR_WRITE, Scope.RTR_ADMIN, Scope.ALERTS_READ, Scope.ALERTS_WRITE
    };

    private static final int REAL_MILLIS = 15;

    final TestClock clock = TestClock.stoppedAt(Instant.parse("2026-11-22T08:00:00Z"));
    final io.varve.emulator.crowdstrike.CrowdStrike falcon;
    final Device device;
    final FalconHost host;
    private final Path folder;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private Client client;

    Tenant(Path folder) {
        this(folder, Settings.documented());
    }

    Tenant(Path folder, Settings behaviour) {
        try {
            this.folder = folder;
            falcon = io.varve.emulator.crowdstrike.CrowdStrike.start(clock, behaviour, folder);
            device = Device.start(DeviceFacts.of("web77"), folder);
            host = falcon.host(device);
            client = falcon.client(SCOPES);
            settings.put("part_size", "262144");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Tenant set(String name, String value) {
        settings.put(name, value);
        return this;
    }

    Tenant without(Scope... missing) {
        client = falcon.client(Arrays.stream(SCOPES)
                .filter(scope -> !Arrays.asList(missing).contains(scope))
                .toArray(Scope[]::new));
        return this;
    }

    /// What a worker that was started anew has: no token, no session.
    Tenants tenants() {
        return new Tenants(clock, this::pass);
    }

    CrowdStrikeProvider provider() {
        return new CrowdStrikeProvider(tenants());
    }

    void pass(Duration time) throws InterruptedException {
        clock.advance(time);
        new CountDownLatch(1).await(REAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    Connection connection() {
        var all = new LinkedHashMap<>(settings);
        all.put("base_url", falcon.url().toString());
        all.put("client_id", client.id());
        return new Connection("i-1", "falcon", all, Map.of("client_secret", client.secret()));
    }

    MemoryCapture capture() {
        return capture(Duration.ofHours(12));
    }

    MemoryCapture capture(Duration within) {
        return MemoryCapture.through(connection(), host.aid(), clock.instant().plus(within), folder);
    }

    /// How often a collector was told to start, by the log of commands the cloud keeps.
    int collectionsStarted() {
        var audit = new CrowdStrikeAudit(falcon, falcon.client(Scope.RTR_AUDIT_READ));
        return audit.commands("'start'");
    }

    @Override
    public void close() {
        device.close();
        falcon.close();
    }
}
