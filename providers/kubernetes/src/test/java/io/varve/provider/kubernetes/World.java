package io.varve.provider.kubernetes;

import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.kit.TestClock;
import io.varve.emulator.kubernetes.Container;
import io.varve.emulator.kubernetes.KubernetesEmulator;
import io.varve.emulator.kubernetes.Pod;
import io.varve.provider.Connection;
import io.varve.provider.MemoryCapture;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// A cluster with one node, a sandbox for its containers, and the provider under test.
final class World implements AutoCloseable {
    static final String POD = "checkout-7f9-x2x4z";

    final KubernetesEmulator cluster;
    final Device device;
    final KubernetesProvider provider;
    private final Path folder;

    World(Path folder) throws IOException {
        this.folder = folder;
        device = Device.start(DeviceFacts.of(POD), folder);
        cluster = KubernetesEmulator.start(TestClock.running());
        provider = new KubernetesProvider(cluster.clock(), time -> Thread.sleep(Math.min(time.toMillis(), 200)));
    }

    Pod pod(String name, Container... containers) {
        return cluster.pod("shop", name, containers);
    }

    Container app() {
        return Container.of("app", device).logging("ready", "GET /cart 200").restarted("panic: out of memory");
    }

    Connection connection(Map<String, String> settings) {
        return connection(settings, cluster.token("varve", Duration.ofHours(1)));
    }

    Connection connection(Map<String, String> settings, String token) {
        var all = new HashMap<>(Map.of(
                "api_server",
                cluster.url().toString(),
                "ca",
                cluster.ca(),
                "poll_seconds",
                "1",
                "silence_seconds",
                "3",
                "part_kilobytes",
                "128"));
        all.putAll(settings);
        return new Connection("i-1", "test cluster", all, Map.of("token", token));
    }

    MemoryCapture capture(Pod pod, Map<String, String> settings) throws IOException {
        return capture(pod.namespace() + "/" + pod.name(), connection(settings));
    }

    MemoryCapture capture(String target, Connection connection) throws IOException {
        return MemoryCapture.through(
                connection,
                target,
                cluster.clock().instant().plus(Duration.ofHours(1)),
                Files.createTempDirectory(folder, "capture"));
    }

    /// One whose deadline has passed.
    MemoryCapture late(Pod pod) throws IOException {
        return MemoryCapture.through(
                connection(Map.of()),
                pod.namespace() + "/" + pod.name(),
                cluster.clock().instant().minusSeconds(1),
                Files.createTempDirectory(folder, "late"));
    }

    /// Members of the capture's archive, with their content.
    static Map<String, byte[]> members(MemoryCapture capture) throws IOException {
        return members(Files.newInputStream(capture.stored()));
    }

    static Map<String, byte[]> members(InputStream gzip) throws IOException {
        var members = new TreeMap<String, byte[]>();
        try (var tar = new TarArchiveInputStream(new GZIPInputStream(new BufferedInputStream(gzip)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                members.put(entry.getName(), tar.readAllBytes());
            }
        }
        return members;
    }

    /// The archive that was made in a container, put together of its parts.
    static Map<String, byte[]> container(Map<String, byte[]> members, String name) throws IOException {
        List<InputStream> parts = new ArrayList<>();
        for (int number = 1; ; number++) {
            byte[] part = members.get("varve/containers/%s.tar.gz.%06d".formatted(name, number));
            if (part == null) {
                return members(new SequenceInputStream(Collections.enumeration(parts)));
            }
            parts.add(new java.io.ByteArrayInputStream(part));
        }
    }

    static String text(Map<String, byte[]> members, String name) {
        byte[] content = members.get(name);
        if (content == null) {
            throw new AssertionError("no " + name + " among " + members.keySet());
        }
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        cluster.close();
        device.close();
    }
}
