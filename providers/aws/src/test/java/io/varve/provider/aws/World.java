package io.varve.provider.aws;

import io.varve.emulator.aws.AwsEmulator;
import io.varve.emulator.aws.DiskImage;
import io.varve.emulator.aws.Instance;
import io.varve.emulator.aws.Scene;
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

/// Accounts with an instance, and a provider whose waiting moves their clock.
final class World implements AutoCloseable {
    static final String REGION = "eu-central-1";
    static final String OTHER = "222233334444";
    static final String ROLE = "arn:aws:iam::222233334444:role/varve-capture";
    static final String EXTERNAL_ID = "varve-7f3a";

    final TestClock clock = TestClock.stoppedAt(Instant.parse("2026-11-27T03:00:00Z"));
    final AwsEmulator aws;
    final AwsProvider provider;
    private final Path folder;
    private int files;

    private World(Path folder) throws IOException {
        this.folder = folder;
        this.aws = AwsEmulator.start(clock);
        this.provider = new AwsProvider(clock, clock::advance);
    }

    static World make(Path folder) {
        try {
            return new World(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A disk of which some blocks were written, and block 1 with zeros.
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
        return DiskImage.of(file).zeroed(1);
    }

    Instance instance(Scene.Disk... disks) {
        return instance(AwsEmulator.ACCOUNT, disks);
    }

    Instance instance(String account, Scene.Disk... disks) {
        try {
            return aws.scene().instance(account, REGION, disks);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Connection connection(Map<String, String> more) {
        var settings = new HashMap<>(Map.of(
                "endpoint",
                aws.url().toString(),
                "regions",
                REGION,
                "access_key_id",
                "AKIAVARVE",
                "poll_seconds",
                "15"));
        settings.putAll(more);
        return new Connection("int-1", "aws", settings, Map.of("secret_access_key", "secret"));
    }

    MemoryCapture capture(Instance instance) {
        return capture(instance, Map.of());
    }

    MemoryCapture capture(Instance instance, Map<String, String> more) {
        return triage(instance, more).collecting(AwsProvider.DISK).digestsOnly();
    }

    MemoryCapture triage(Instance instance, Map<String, String> more) {
        return of(instance.id(), more);
    }

    MemoryCapture of(String target, Map<String, String> more) {
        return MemoryCapture.through(
                connection(more),
                target,
                clock.instant().plus(Duration.ofHours(8)),
                folder.resolve("capture-" + ++files));
    }

    @Override
    public void close() {
        aws.close();
    }
}
