package io.varve.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// An object store in a local directory: each object a file under its name, uploads under `.uploads`.
///
/// A file appears under its name only when it is complete and on the disk: content is written and forced elsewhere,
/// then linked to its name, which fails when the name is taken. Retention and legal hold are kept beside the objects
/// and
/// bind Varve; the file system does not enforce them.
public final class DirectoryStore implements ObjectStore {
    private final Path root;
    private final Path staging;
    private final Path protections;
    private final DirectoryProtection protection;

    public DirectoryStore(Path root) throws IOException {
        this.root = root.toAbsolutePath().normalize();
        this.staging = this.root.resolve(".uploads");
        this.protections = this.root.resolve(".protected");
        this.protection = new DirectoryProtection(protections);
        Files.createDirectories(staging);
    }

    @Override
    public void create(String name, byte[] content) throws IOException {
        Path target = file(name);
        Path temporary = staging.resolve("object-" + UUID.randomUUID());
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            publish(temporary, target, name);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /// Gives a complete file its name, durably.
    static void publish(Path complete, Path target, String name) throws IOException {
        Path folder = Objects.requireNonNull(target.getParent());
        Files.createDirectories(folder);
        try {
            Files.createLink(target, complete);
        } catch (FileAlreadyExistsException e) {
            throw new ObjectExistsException(name);
        }
        forceDirectory(folder);
    }

    static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Upload upload(String name) throws IOException {
        return DirectoryUpload.open(name, file(name), staging.resolve(name.replace('/', '!')));
    }

    @Override
    public List<String> uploads() throws IOException {
        try (Stream<Path> entries = Files.list(staging)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString().replace('!', '/'))
                    .filter(name -> !Files.exists(file(name)))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public Optional<ObjectInfo> info(String name) throws IOException {
        Path file = file(name);
        return Files.isRegularFile(file) ? Optional.of(new ObjectInfo(name, Files.size(file))) : Optional.empty();
    }

    @Override
    public InputStream read(String name, long offset, long length) throws IOException {
        FileChannel channel = FileChannel.open(file(name), StandardOpenOption.READ);
        try {
            channel.position(offset);
            return new BoundedStream(Channels.newInputStream(channel), length);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Stream<String> list(String prefix) throws IOException {
        String folder = prefix.substring(0, prefix.lastIndexOf('/') + 1);
        Path start = folder.isEmpty() ? root : file(folder.substring(0, folder.length() - 1));
        if (!Files.isDirectory(start)) {
            return Stream.empty();
        }
        Stream<Path> files = Files.walk(start);
        return files.filter(
                        path -> !path.startsWith(staging) && !path.startsWith(protections) && Files.isRegularFile(path))
                .map(path -> root.relativize(path).toString())
                .filter(name -> name.startsWith(prefix))
                .sorted()
                .onClose(files::close);
    }

    @Override
    public boolean delete(String name) throws IOException {
        Protection kept = protection(name);
        if (kept.forbidsRemovalAt(Instant.now())) {
            throw new ProtectedException(name, kept.toString());
        }
        Upload upload = upload(name);
        boolean deleted;
        try {
            Files.delete(file(name));
            deleted = true;
        } catch (NoSuchFileException e) {
            deleted = false;
        }
        upload.abort();
        protection.forget(name);
        return deleted;
    }

    @Override
    public Set<Feature> features() {
        return Set.of(Feature.CONDITIONAL_CREATE, Feature.CONDITIONAL_COMPLETE, Feature.DIGESTS_CHECKED);
    }

    @Override
    public Protection protection(String name) throws IOException {
        return protection.of(ObjectName.require(name));
    }

    @Override
    public void retain(String name, Retention retention) throws IOException {
        requireObject(name);
        protection.change(
                name,
                old -> new Protection(
                        Optional.of(old.retention().map(retention::longer).orElse(retention)), old.held()));
    }

    @Override
    public void hold(String name) throws IOException {
        requireObject(name);
        protection.change(name, old -> new Protection(old.retention(), true));
    }

    @Override
    public void release(String name) throws IOException {
        requireObject(name);
        protection.change(name, old -> new Protection(old.retention(), false));
    }

    private void requireObject(String name) throws IOException {
        if (info(name).isEmpty()) {
            throw new NoSuchFileException(name);
        }
    }

    private Path file(String name) {
        return root.resolve(ObjectName.require(name));
    }
}
