package io.varve.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// What protects objects of a [DirectoryStore]: a small file beside the objects for each. Varve obeys it; whoever may
/// write to the directory does not have to.
final class DirectoryProtection {
    private final Path folder;

    DirectoryProtection(Path folder) {
        this.folder = folder;
    }

    private record Stored(Optional<Retention> retention, boolean held) {}

    Protection of(String name) throws IOException {
        try {
            Stored stored = CanonicalJson.read(Files.readAllBytes(file(name)), Stored.class);
            return new Protection(stored.retention(), stored.held());
        } catch (NoSuchFileException e) {
            return Protection.NONE;
        }
    }

    synchronized void change(String name, UnaryOperator<Protection> change) throws IOException {
        Protection wanted = change.apply(of(name));
        Files.createDirectories(folder);
        Path temporary = folder.resolve(".new-" + UUID.randomUUID());
        Files.write(
                temporary,
                CanonicalJson.write(new Stored(wanted.retention(), wanted.held())),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.SYNC);
        Files.move(temporary, file(name), StandardCopyOption.ATOMIC_MOVE);
        DirectoryStore.forceDirectory(folder);
    }

    void forget(String name) throws IOException {
        Files.deleteIfExists(file(name));
    }

    private Path file(String name) {
        return folder.resolve(name.replace('/', '!'));
    }
}
