package io.varve.disk;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Evidence as it was given: a directory, or one file that may be an archive. Opened in place, never unpacked to a
/// tree.
public interface Evidence extends AutoCloseable {
    /// Visits every entry, archives inside archives too.
    void walk(EvidenceVisitor visitor) throws IOException;

    /// A file by its path from the evidence's own root (`etc/hostname`), for reading context before the walk. Looks
    /// into
    /// the outermost archive, no deeper.
    Optional<EvidenceFile> find(String path) throws IOException;

    /// What a link at this path from the root points to.
    Optional<String> linkTarget(String path) throws IOException;

    @Override
    void close() throws IOException;

    /// Evidence on this machine.
    static Evidence open(Path path, Scratch scratch) throws IOException {
        Path real = path.toRealPath();
        if (Files.isDirectory(real)) {
            return new DirectoryEvidence(real, scratch);
        }
        if (!Files.isRegularFile(real)) {
            throw new IOException("neither a file nor a directory");
        }
        return new FileEvidence(Names.of(path.getFileName() == null ? real : path), FileBytes.follow(real), scratch);
    }

    /// One file of evidence that lies elsewhere, e.g. at the other end of a pipe.
    static Evidence of(String name, Bytes content, Scratch scratch) {
        return new FileEvidence(Names.segment(name), content, scratch);
    }
}
