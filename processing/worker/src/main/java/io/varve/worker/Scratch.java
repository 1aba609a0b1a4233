package io.varve.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// The folders engines write to: each is made for one run, named after the worker's process, and removed after it.
/// They hold pieces of evidence, so what a killed worker left is removed when one starts.
final class Scratch {
    private static final Logger LOG = Logger.getLogger(Scratch.class);
    private static final String PREFIX = "engine-";

    private Scratch() {}

    static Path make(Path data) throws IOException {
        Path all = Files.createDirectories(all(data));
        return Files.createTempDirectory(all, PREFIX + ProcessHandle.current().pid() + "-");
    }

    /// Removes a folder. What cannot be removed is left to the next start: it must not fail the run it served.
    static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warnf("scratch folder %s is left behind: %s", folder, e.getMessage());
        }
    }

    /// Removes what processes that have ended left.
    static void sweep(Path data) {
        if (!Files.isDirectory(all(data))) {
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(all(data), PREFIX + "*")) {
            for (Path folder : folders) {
                if (owner(folder).flatMap(ProcessHandle::of).isEmpty()) {
                    remove(folder);
                }
            }
        } catch (IOException e) {
            LOG.warnf("cannot look for left scratch folders: %s", e.getMessage());
        }
    }

    private static Optional<Long> owner(Path folder) {
        String[] parts = folder.getFileName().toString().split("-", -1);
        try {
            return Optional.of(Long.parseLong(parts[1]));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Path all(Path data) {
        return data.resolve("scratch").toAbsolutePath();
    }
}
