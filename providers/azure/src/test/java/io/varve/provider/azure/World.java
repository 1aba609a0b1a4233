package io.varve.provider.azure;

import io.varve.emulator.aws.DiskImage;
import io.varve.emulator.azure.AzureEmulator;
import io.varve.emulator.azure.Machine;
import io.varve.emulator.azure.ManagedDisk;
import io.varve.emulator.kit.TestClock;
import io.varve.provider.Connection;
import io.varve.provider.MemoryCapture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/// A tenant with machines, and a provider whose waiting moves its clock.
final class World implements AutoCloseable {
    static final String GROUP = "web-servers";

    final TestClock clock = TestClock.stoppedAt(Instant.parse("2026-11-27T03:00:00Z"));
    final AzureEmulator azure = AzureEmulator.start(clock);
    final AzureProvider provider = new AzureProvider(clock, clock::advance, Duration.ofMillis(20));
    private final Path folder;
    private int files;

    World(Path folder) {
        this.folder = folder;
    }

    /// A disk of whole MiB of which some blocks were written, and block 1 with zeros.
    DiskImage disk(int blocks) {
        Path file = folder.resolve("disk-%d.raw".formatted(++files));
        var random = new Random(files);
        byte[] block = new byte[DiskImage.BLOCK];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < blocks; i++) {
                random.nextBytes(block);
                channel.write(ByteBuffer.wrap(block), 3L * i * DiskImage.BLOCK);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long size = (3L * blocks / 2 + 1) * 2 * DiskImage.BLOCK;
        return new DiskImage(file, size, DiskImage.of(file).zeroed(1).written());
    }

    Machine machine(ManagedDisk... disks) {
        return machine(AzureEmulator.SUBSCRIPTION, "vm-" + ++files, disks);
    }

    Machine machine(String subscription, String name, ManagedDisk... disks) {
        return azure.estate().machine(subscription, GROUP, name, disks);
    }

    Connection connection(Map<String, String> more) {
        var settings = new HashMap<>(azure.settings());
        settings.putAll(more);
        return new Connection("int-1", "azure", settings, Map.of("client_secret", AzureEmulator.SECRET));
    }

    MemoryCapture capture(Machine machine) {
        return capture(machine.id(), Map.of());
    }

    MemoryCapture capture(String target, Map<String, String> more) {
        return MemoryCapture.through(
                        connection(more),
                        target,
                        clock.instant().plus(Duration.ofHours(48)),
                        folder.resolve("capture-" + ++files))
                .collecting(AzureProvider.DISK)
                .digestsOnly();
    }

    /// A triage, unless another profile is asked for; its bytes are kept.
    MemoryCapture live(Machine machine, Map<String, String> more) {
        return MemoryCapture.through(
                connection(more),
                machine.id(),
                clock.instant().plus(Duration.ofHours(48)),
                folder.resolve("capture-" + ++files));
    }

    @Override
    public void close() {
        azure.close();
    }
}
