package io.varve.engine;

import io.varve.disk.Names;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Evidence as named on the command line.
///
/// @param name exactly as written there
record NamedEvidence(String name, Path path) {
    static NamedEvidence of(String name) {
        Path path;
        try {
            path = Path.of(name);
        } catch (InvalidPathException e) {
            throw new UsageException("%s is not a path: %s".formatted(name, e.getReason()));
        }
        if (!Files.exists(path)) {
            throw new UsageException(name + " does not exist");
        }
        return new NamedEvidence(name, path);
    }

    /// Stable identity for event ids: without a server, evidence is told apart by where it lies.
    String key() {
        return "local/" + path.toAbsolutePath().normalize();
    }

    /// The path of its row when it cannot be opened at all.
    String rootPath() {
        return Files.isDirectory(path) ? "/" : "/" + Names.of(path);
    }

    /// Refuses to write results into the evidence.
    void refuseInside(Path output) {
        Path folder = path.toAbsolutePath().normalize();
        if (output.toAbsolutePath().normalize().startsWith(folder)) {
            throw new UsageException("%s lies inside the evidence %s, which must not change".formatted(output, name));
        }
    }
}
