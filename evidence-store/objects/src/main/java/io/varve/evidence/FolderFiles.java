package io.varve.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A package in a folder: unpacked, or as the directory store keeps evidence.
record FolderFiles(Path folder) implements PackageFiles {
    private static final int DEEPEST = 4;

    @Override
    public byte[] bytes(String name, long limit) throws IOException {
        try (InputStream in = Files.newInputStream(folder.resolve(name))) {
            return in.readNBytes((int) limit);
        }
    }

    @Override
    public boolean hasData(Manifest manifest) {
        return Files.exists(place(manifest));
    }

    @Override
    public InputStream data(Manifest manifest) throws IOException {
        return Files.newInputStream(place(manifest));
    }

    private Path place(Manifest manifest) {
        Path holder = exported() || manifest.sameBytesAs().isEmpty()
                ? folder
                : folder.resolveSibling(manifest.sameBytesAs().get().id());
        return holder.resolve(Seal.DATA);
    }

    @Override
    public List<String> list(String prefix) throws IOException {
        try (Stream<Path> paths = Files.walk(folder, DEEPEST)) {
            return paths.filter(path -> !Files.isDirectory(path))
                    .map(path -> folder.relativize(path).toString())
                    .filter(name -> name.startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public boolean exported() {
        return PackageStream.DERIVED.stream().anyMatch(name -> Files.exists(folder.resolve(name)));
    }
}
