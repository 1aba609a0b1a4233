package io.varve.supervisor;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// The data folder, held by one supervisor at a time.
final class DataFolder implements AutoCloseable {
    private final FileChannel channel;

    private DataFolder(FileChannel channel) {
        this.channel = channel;
    }

    /// Makes the folder where there is none, and takes it.
    static DataFolder take(Settings settings) throws StartException {
        try {
            return open(settings);
        } catch (IOException e) {
            throw new StartException("the data folder %s cannot be used: %s".formatted(settings.data(), e), e);
        }
    }

    private static DataFolder open(Settings settings) throws IOException, StartException {
        Path data = settings.data();
        if (!Files.exists(data)) {
            Files.createDirectories(data);
            // PostgreSQL runs as a user of its own and has to walk through
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx--x--x"));
        }
        // Evidence holds other machines' secrets: only PostgreSQL's own folder is open to another user.
        for (Path closed : List.of(
                settings.keys(),
                settings.run(),
                settings.log("any").getParent(),
                data.resolve("objects"),
                data.resolve("index"),
                data.resolve("scratch"))) {
            Files.createDirectories(closed);
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
        Path file = settings.run().resolve("lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new StartException(
                    "another varve runs on %s: stop it, or choose another folder with --data".formatted(data));
        }
        return new DataFolder(channel);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // the lock ends with this process at the latest
        }
    }
}
