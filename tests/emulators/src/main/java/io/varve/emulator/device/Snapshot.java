package io.varve.emulator.device;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A device's file tree at one moment. Two of them tell what a capture left behind.
///
/// @param entries by path inside the device
public record Snapshot(Map<String, Entry> entries) {
    /// @param kind `file`, `folder`, `link` or `other`
    /// @param modified the epoch for folders: a file that came and went changes them and leaves nothing
    /// @param sha256 of a file's bytes or a link's target; empty for the others
    public record Entry(String kind, long size, Instant modified, String sha256) {}

    /// What is different in the later snapshot: `added /tmp/x`, `removed /etc/y`, `changed /var/z`. Empty when nothing.
    public List<String> changes(Snapshot later) {
        var changes = new ArrayList<String>();
        later.entries.forEach((path, entry) -> {
            Entry before = entries.get(path);
            if (before == null) {
                changes.add("added " + path);
            } else if (!before.equals(entry)) {
                changes.add("changed " + path);
            }
        });
        entries.keySet().stream()
                .filter(path -> !later.entries.containsKey(path))
                .forEach(path -> changes.add("removed " + path));
        return changes;
    }

    static Snapshot of(Path tree) throws IOException {
        var entries = new TreeMap<String, Entry>();
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                if (!folder.equals(tree)) {
                    entries.put("/" + tree.relativize(folder), new Entry("folder", 0, Instant.EPOCH, ""));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                entries.put("/" + tree.relativize(file), entry(file, attributes));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return new Snapshot(Map.copyOf(entries));
    }

    private static Entry entry(Path file, BasicFileAttributes attributes) throws IOException {
        Instant modified = attributes.lastModifiedTime().toInstant();
        if (attributes.isSymbolicLink()) {
            return new Entry("link", 0, modified, Files.readSymbolicLink(file).toString());
        }
        if (!attributes.isRegularFile()) {
            return new Entry("other", 0, modified, "");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new Entry("file", attributes.size(), modified, sha256(in));
        }
    }

    /// Lower-case hexadecimal.
    public static String sha256(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[1 << 16];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            digest.update(buffer, 0, read);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
