package io.varve.disk;

import io.varve.binary.Bytes;
import io.varve.disk.container.Neighbours;
import io.varve.disk.volume.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Evidence as it was given: a directory, or one file that may be an archive. Opened in place, never unpacked to a
/// tree.
public interface Evidence extends AutoCloseable {
    /// Visits every entry, archives inside archives too.
    void walk(EvidenceVisitor visitor) throws IOException;

    /// A file by its path from the evidence's own root (`etc/hostname`), for reading context before the walk. Looks
    /// into
    /// the outermost archive, no deeper.
    Optional<EvidenceFile> find(String path) throws IOException;

    /// A file by its volume and path as [Entry] has them; in the first volume that has it when none is named.
    default Optional<EvidenceFile> find(Optional<String> volume, String path) throws IOException {
        return volume.isPresent() ? Optional.empty() : find(path.startsWith("/") ? path.substring(1) : path);
    }

    /// The names in a folder, deleted ones too, by the path [Entry] gives the folder. The root of evidence with volumes
    /// that is asked for without one lists the volumes as folders.
    ///
    /// @throws IOException when there is no such folder or it cannot be read
    void list(Optional<String> volume, String folder, Consumer<Entry> names) throws IOException;

    /// Volumes with a file system, in order; none for directories and archives.
    default List<String> volumes() {
        return List.of();
    }

    /// What a link at this path from the root points to.
    Optional<String> linkTarget(String path) throws IOException;

    @Override
    void close() throws IOException;

    /// Evidence on this machine.
    static Evidence open(Path path, Scratch scratch) throws IOException {
        return open(path, scratch, Keys.NONE);
    }

    /// Evidence on this machine, some of it perhaps encrypted. The further segments and the parents of an image are
    /// looked for beside it.
    static Evidence open(Path path, Scratch scratch, Keys keys) throws IOException {
        Path real = path.toRealPath();
        if (Files.isDirectory(real)) {
            return new DirectoryEvidence(real, scratch);
        }
        if (!Files.isRegularFile(real)) {
            throw new IOException("neither a file nor a directory");
        }
        Path folder = real.toAbsolutePath().getParent();
        return new Opening(scratch, keys, folder == null ? Neighbours.NONE : new FolderNeighbours(folder))
                .file(Names.of(path.getFileName() == null ? real : path), FileBytes.follow(real));
    }

    /// One file of evidence that lies elsewhere, e.g. at the other end of a pipe.
    static Evidence of(String name, Bytes content, Scratch scratch) throws IOException {
        return of(name, content, scratch, Keys.NONE);
    }

    static Evidence of(String name, Bytes content, Scratch scratch, Keys keys) throws IOException {
        return new Opening(scratch, keys, Neighbours.NONE).file(Names.segment(name), content);
    }
}
