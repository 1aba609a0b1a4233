package io.varve.disk;

import io.varve.binary.Bytes;
import io.varve.event.EventTime;
import java.io.IOException;
import java.util.Optional;

/// One file inside evidence, wherever it lies: a directory, an archive, a file system.
public interface EvidenceFile {
    /// Volume inside the evidence; absent for loose files and archives.
    Optional<String> volume();

    /// Path inside the volume, starting with `/`; archive members follow `!/`.
    String path();

    long size();

    /// Last modification as an archive, a manifest or a file system states it; absent for a loose file, whose time is
    /// the copier's.
    Optional<EventTime> modified();

    /// Opens the content. The caller closes it.
    Bytes open() throws IOException;

    /// Another file in the same folder, e.g. a `-wal` beside a database.
    Optional<EvidenceFile> sibling(String name);

    default String name() {
        return path().substring(path().lastIndexOf('/') + 1);
    }
}
