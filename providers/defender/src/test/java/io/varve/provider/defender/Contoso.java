package io.varve.provider.defender;

import io.varve.emulator.defender.Application;
import io.varve.emulator.defender.DefenderEmulator;
import io.varve.emulator.defender.Machine;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.kit.TestCertificate;
import io.varve.emulator.kit.TestClock;
import io.varve.evidence.Digest;
import io.varve.provider.Connection;
import io.varve.provider.MemoryCapture;
import io.varve.provider.Waiting;
import io.varve.provider.collector.CollectorScript;
import io.varve.provider.collector.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A tenant with one contained host, and us connected to it.
final class Contoso implements AutoCloseable {
    static final String HOST = "web77";
    private static final TestCertificate CERTIFICATE = TestCertificate.make();
    private static final Duration BLINK = Duration.ofMillis(15);

    final TestClock clock = TestClock.running();
    final DefenderEmulator emulator = new DefenderEmulator(clock, Optional.of(CERTIFICATE));
    final Device device;
    final Machine machine;
    final Waiting waiting = this::pass;
    final Defenders defenders = new Defenders(clock, waiting);
    private final Path folder;

    private Contoso(Path folder) throws IOException {
        this.folder = folder;
        emulator.register(new Application("varve-app", "opensesame", Application.CAPTURE_ROLES));
        device = Device.start(DeviceFacts.of(HOST), folder);
        machine = emulator.add(device);
        emulator.start();
    }

    static Contoso in(Path folder) throws IOException {
        return new Contoso(folder);
    }

    /// The clock runs ahead by the time that is waited for; the host has a blink to work.
    private void pass(Duration time) throws InterruptedException {
        if (time.compareTo(Duration.ofSeconds(1)) >= 0) {
            clock.advance(time);
        }
        new CountDownLatch(1).await(BLINK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Gives the application these permissions, from the next token on.
    void grant(String... roles) {
        emulator.register(new Application("varve-app", "opensesame", Set.of(roles)));
        emulator.revokeTokens();
    }

    void grantWithout(String... roles) {
        var left = new TreeSet<>(Application.CAPTURE_ROLES);
        left.removeAll(Set.of(roles));
        grant(left.toArray(String[]::new));
    }

    Connection connection() {
        return connection(Map.of());
    }

    Connection connection(Map<String, String> more) {
        String url = emulator.url().toString();
        var settings = new HashMap<>(Map.of(
                "tenant_id",
                DefenderEmulator.TENANT,
                "client_id",
                "varve-app",
                "authority",
                url,
                "base_url",
                url,
                "graph_url",
                url,
                "arm_url",
                url,
                "ca",
                CERTIFICATE.pem(),
                "poll_seconds",
                "0",
                "look_seconds",
                "0",
                "part_size",
                "131072"));
        settings.putAll(more);
        return new Connection("contoso", "Contoso", settings, Map.of("client_secret", "opensesame"));
    }

    MemoryCapture capture() {
        return capture(connection());
    }

    MemoryCapture capture(Connection connection) {
        return MemoryCapture.through(connection, machine.id(), clock.instant().plus(Duration.ofDays(5)), folder);
    }

    DefenderHosts hosts() {
        return new DefenderHosts(defenders, clock, waiting);
    }

    /// A script of the test's own, named as collectors are.
    static CollectorScript script(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Digest digest = Digest.of(bytes);
        String name = "varve-collect-%s.sh".formatted(digest.hex().substring(0, 12));
        return new CollectorScript(Platform.LINUX, "triage", name, bytes, digest);
    }

    @Override
    public void close() {
        emulator.close();
        device.close();
    }
}
