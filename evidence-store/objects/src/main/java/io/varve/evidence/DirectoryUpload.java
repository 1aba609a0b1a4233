package io.varve.evidence;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.TreeMap;

/// An upload into a [DirectoryStore]: one growing file, and a journal with one line for each part that is on the disk.
///
/// A part counts only when its journal line is complete, and the line is written after the bytes were forced. The
/// journal outlives completion, so that completing again after a crash finds the parts.
final class DirectoryUpload implements ObjectStore.Upload {
    private static final int BUFFER = 1 << 20;

    private final String name;
    private final Path target;
    private final Path folder;
    private final TreeMap<Integer, ObjectStore.Part> parts;
    /// Writers of one file take turns: in the kernel they would spin for each other.
    private final Object turn = new Object();

    private DirectoryUpload(String name, Path target, Path folder, TreeMap<Integer, ObjectStore.Part> parts) {
        this.name = name;
        this.target = target;
        this.folder = folder;
        this.parts = parts;
    }

    static DirectoryUpload open(String name, Path target, Path folder) throws IOException {
        return new DirectoryUpload(name, target, folder, journal(folder.resolve("parts")));
    }

    private static TreeMap<Integer, ObjectStore.Part> journal(Path journal) throws IOException {
        var parts = new TreeMap<Integer, ObjectStore.Part>();
        if (!Files.exists(journal)) {
            return parts;
        }
        String text = Files.readString(journal);
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        for (String line : whole.lines().toList()) {
            ObjectStore.Part part = CanonicalJson.read(line.getBytes(StandardCharsets.UTF_8), ObjectStore.Part.class);
            parts.put(part.number(), part);
        }
        if (whole.length() < text.length()) {
            try (FileChannel channel = FileChannel.open(journal, StandardOpenOption.WRITE)) {
                channel.truncate(whole.getBytes(StandardCharsets.UTF_8).length);
                channel.force(true);
            }
        }
        return parts;
    }

    @Override
    public synchronized List<ObjectStore.Part> parts() {
        return List.copyOf(parts.values());
    }

    @Override
    public ObjectStore.Part part(int number, long offset, Digest expected, InputStream content, long length)
            throws IOException {
        var part = new ObjectStore.Part(number, offset, length, expected);
        synchronized (this) {
            ObjectStore.Part stored = parts.get(number);
            if (part.equals(stored)) {
                return part;
            }
            if (stored != null) {
                throw new IOException("%s: part %d was stored before with other content".formatted(name, number));
            }
        }
        if (Files.exists(target)) {
            throw new ObjectExistsException(name);
        }
        if (number < 1 || offset < 0 || length < 0) {
            throw new IOException("%s: part %d at %d of %d bytes".formatted(name, number, offset, length));
        }
        Files.createDirectories(folder);
        write(part, content);
        synchronized (this) {
            append(part);
            parts.put(number, part);
        }
        return part;
    }

    private void write(ObjectStore.Part part, InputStream content) throws IOException {
        MessageDigest digest = Digest.sha256();
        byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(1, part.size()))];
        try (FileChannel channel = FileChannel.open(data(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long position = part.offset();
            long end = part.offset() + part.size();
            while (position < end) {
                int count = content.read(buffer, 0, (int) Math.min(buffer.length, end - position));
                if (count < 0) {
                    throw new EOFException("%s: part %d ended after %d of %d bytes"
                            .formatted(name, part.number(), position - part.offset(), part.size()));
                }
                digest.update(buffer, 0, count);
                store(channel, ByteBuffer.wrap(buffer, 0, count), position, part);
                position += count;
            }
            Digest actual = Digest.finish(digest);
            if (!actual.equals(part.sha256())) {
                throw new DigestMismatchException("part " + part.number() + " of " + name, part.sha256(), actual);
            }
            channel.force(false);
        }
    }

    private void store(FileChannel channel, ByteBuffer block, long position, ObjectStore.Part part)
            throws StoreException {
        try {
            long next = position;
            while (block.hasRemaining()) {
                synchronized (turn) {
                    next += channel.write(block, next);
                }
            }
        } catch (IOException e) {
            throw new StoreException("part %d of %s cannot be stored".formatted(part.number(), name), e);
        }
    }

    private void append(ObjectStore.Part part) throws IOException {
        byte[] json = CanonicalJson.write(part);
        ByteBuffer line =
                ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
        try (FileChannel channel = FileChannel.open(journal(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            long before = channel.size();
            try {
                while (line.hasRemaining()) {
                    channel.write(line);
                }
                channel.force(true);
            } catch (IOException e) {
                channel.truncate(before);
                throw new StoreException("part %d of %s cannot be stored".formatted(part.number(), name), e);
            }
        }
    }

    @Override
    public ObjectStore.Stored complete() throws IOException {
        List<ObjectStore.Part> all = parts();
        long size = ReadBack.contiguous(name, all);
        boolean published = Files.exists(target);
        Path file = published ? target : data();
        if (all.isEmpty() && !published) {
            Files.createDirectories(folder);
            Files.createFile(data());
        }
        ObjectStore.Stored stored;
        try (FileChannel channel = published
                ? FileChannel.open(file, StandardOpenOption.READ)
                : FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (!published && channel.size() > size) {
                channel.truncate(size);
            }
            stored = ReadBack.check(name, all, Channels.newInputStream(channel));
            channel.force(true);
        }
        if (!published) {
            DirectoryStore.publish(data(), target, name);
            makeReadOnly();
        }
        Files.deleteIfExists(data());
        return stored;
    }

    private void makeReadOnly() {
        // A seal against accidents only; what proves integrity are the digests.
        target.toFile().setReadOnly();
    }

    @Override
    public synchronized void abort() throws IOException {
        for (Path file : List.of(data(), journal(), folder)) {
            try {
                Files.delete(file);
            } catch (NoSuchFileException e) {
                continue;
            }
        }
        parts.clear();
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Path journal() {
        return folder.resolve("parts");
    }
}
