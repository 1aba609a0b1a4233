package io.varve.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// The server's programs, unpacked once from the jar that Maven Central serves.
final class Binaries {
    /// The build of Linux on x86-64; others are not on the class path.
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    private Binaries() {}

    /// Puts the programs into `folder` unless they are there: whole or not at all.
    ///
    /// @param kept a folder where they are unpacked once for all the servers of a machine, each of which gets
    ///     links to them, or copies on another file system; empty: each unpacks its own
    static void provide(Path folder, Optional<Path> kept) throws IOException {
        if (Files.exists(folder)) {
            return;
        }
        if (kept.isEmpty()) {
            unpack(folder);
            return;
        }
        Files.createDirectories(kept.get());
        Path programs = kept.get().resolve(folder.getFileName());
        try (var lock =
                FileChannel.open(kept.get().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock();
            unpack(programs);
        }
        make(folder, unfinished -> link(programs, unfinished));
    }

    private static void unpack(Path folder) throws IOException {
        if (Files.exists(folder)) {
            return;
        }
        String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!machine.equals("Linux amd64")) {
            throw new IOException(
                    "no PostgreSQL for " + machine + " comes with Varve; give the URL of a PostgreSQL of your own");
        }
        try (InputStream packed = Binaries.class.getResourceAsStream(ARCHIVE)) {
            if (packed == null) {
                throw new IOException(ARCHIVE + " is not on the class path");
            }
            make(folder, unfinished -> extract(packed, unfinished));
        }
    }

    private interface Filling {
        void fill(Path folder) throws IOException;
    }

    /// Makes a folder that appears with all that is in it.
    private static void make(Path folder, Filling filling) throws IOException {
        Path unfinished = folder.resolveSibling(folder.getFileName() + ".new");
        delete(unfinished);
        Files.createDirectories(unfinished);
        filling.fill(unfinished);
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void link(Path programs, Path root) throws IOException {
        try (Stream<Path> files = Files.walk(programs)) {
            for (Path file : files.skip(1).toList()) {
                Path path = root.resolve(programs.relativize(file).toString());
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    open(root, path);
                } else if (Files.isSymbolicLink(file)) {
                    Files.createSymbolicLink(path, Files.readSymbolicLink(file));
                } else {
                    linkOrCopy(file, path);
                }
            }
        }
    }

    private static void linkOrCopy(Path file, Path to) throws IOException {
        try {
            Files.createLink(to, file);
        } catch (FileSystemException e) {
            Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static void extract(InputStream packed, Path root) throws IOException {
        var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)));
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            Path path = root.resolve(entry.getName()).normalize();
            if (!path.startsWith(root)) {
                throw new IOException("entry outside the archive: " + entry.getName());
            }
            Path parent = entry.isDirectory() ? path : path.getParent();
            if (parent != null) {
                open(root, parent);
            }
            if (entry.isSymbolicLink()) {
                Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            } else if (entry.isFile()) {
                Files.copy(tar, path);
                String mode = (entry.getMode() & 0111) == 0 ? "rw-r--r--" : "rwxr-xr-x";
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
            }
        }
    }

    /// Makes a folder that the server's user may enter, whatever the umask.
    private static void open(Path root, Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Files.createDirectories(folder);
        for (Path made = folder; made != null && !made.equals(root); made = made.getParent()) {
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
