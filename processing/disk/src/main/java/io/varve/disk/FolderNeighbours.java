package io.varve.disk;

import io.varve.binary.Bytes;
import io.varve.disk.container.Neighbours;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/// The files in the folder of an image on this machine. An image names its parents and segments: only plain names in
/// that folder are opened, never links.
final class FolderNeighbours implements Neighbours {
    private final Path folder;

    FolderNeighbours(Path folder) {
        this.folder = folder;
    }

    @Override
    public Optional<Bytes> open(String name) throws IOException {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.contains("/") || name.contains("\0")) {
            return Optional.empty();
        }
        Optional<Path> file = exact(name);
        if (file.isEmpty()) {
            file = otherCase(name);
        }
        return file.isPresent() ? Optional.of(FileBytes.open(file.get())) : Optional.empty();
    }

    private Optional<Path> exact(String name) {
        try {
            Path file = folder.resolve(name);
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Optional.of(file) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private Optional<Path> otherCase(String name) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (String.valueOf(file.getFileName()).equalsIgnoreCase(name)
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    return Optional.of(file);
                }
            }
        }
        return Optional.empty();
    }
}
