package io.varve.provider.gcp;

import io.varve.emulator.gcp.GcpEmulator;
import io.varve.emulator.gcp.Instance;
import io.varve.emulator.gcp.Scene;
import io.varve.emulator.kit.TestClock;
import io.varve.provider.Connection;
import io.varve.provider.MemoryCapture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/// Projects with instances, and a provider whose waiting moves their clock.
final class World implements AutoCloseable {
    static final String PROJECT = "shop-project";
    static final String OTHER = "other-project";
    static final String ZONE = "europe-west3-a";
    private static final int MIB = 1 << 20;

    final TestClock clock = TestClock.stoppedAt(Instant.parse("2026-11-27T03:00:00Z"));
    final GcpEmulator gcp;
    final GcpProvider provider;
    private final Path folder;
    private int files;

    private World(Path folder) throws IOException {
        this.folder = folder;
        this.gcp = GcpEmulator.start(clock, folder.resolve("gcp"));
        this.provider = new GcpProvider(clock, clock::advance);
    }

    static World make(Path folder) {
        try {
            return new World(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A raw disk of 64 MiB of which so many MiB were written, far apart.
    Path disk(int mib) {
        Path file = folder.resolve("disk-%d.raw".formatted(++files));
        var random = new Random(files);
        byte[] block = new byte[MIB];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < mib; i++) {
                random.nextBytes(block);
                channel.write(ByteBuffer.wrap(block), 2L * i * MIB);
            }
            channel.write(ByteBuffer.wrap(new byte[] {0}), 64L * MIB - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    Instance instance(Scene.Disk... disks) {
        return gcp.scene().instance(PROJECT, ZONE, disks);
    }

    Connection connection(Map<String, String> more) {
        var settings = new HashMap<>(Map.of(
                "endpoint",
                gcp.url().toString(),
                "projects",
                PROJECT + ", " + OTHER,
                "forensic_project",
                GcpEmulator.FORENSIC,
                "bucket",
                GcpEmulator.BUCKET,
                "build_region",
                "europe-west3",
                "build_account",
                "exporter@forensic-project.iam.gserviceaccount.com",
                "poll_seconds",
                "15"));
        settings.putAll(more);
        return new Connection("int-1", "gcp", settings, Map.of("service_account_key", gcp.serviceAccountKey()));
    }

    MemoryCapture capture(Instance instance) {
        return capture(instance.resource(), Map.of());
    }

    MemoryCapture capture(String target, Map<String, String> more) {
        Path own = folder.resolve("capture-" + ++files);
        try {
            Files.createDirectories(own);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return MemoryCapture.through(connection(more), target, clock.instant().plus(Duration.ofHours(8)), own)
                .collecting(GcpProvider.DISK);
    }

    @Override
    public void close() {
        gcp.close();
    }
}
