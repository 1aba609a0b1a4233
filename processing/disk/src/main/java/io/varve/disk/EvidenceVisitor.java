package io.varve.disk;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What a walk through evidence tells of, in a fixed order: directories by name, archives in their own order.
public interface EvidenceVisitor {
    /// A file with content. Its content stays open until this returns, so opening it again costs nothing.
    void file(Entry entry, EvidenceFile file) throws IOException;

    /// A directory, link or special file: a name without content to read.
    default void name(Entry entry) throws IOException {}

    /// A file whose content cannot be opened at all.
    void unreadable(Entry entry, String reason) throws IOException;

    /// A part of the content at this path is lost: a cut or damaged archive, a member that fails to expand. May be told
    /// while [#file] runs, about the file given there.
    void damaged(String path, OptionalLong offset, String reason);

    /// Something to know about the content at this path; nothing is lost.
    default void noted(String path, String reason) {}

    /// All members of this archive were visited; `members` counts the entries listed. The archive itself is still open.
    default void archive(Entry entry, EvidenceFile file, long members) throws IOException {}

    /// Whether what is inside this archive or directory is wanted. An archive that is not entered is a file.
    default boolean enters(Entry folder) {
        return true;
    }

    /// How many files may be told of side by side. With more than one, every method is called by several threads.
    default int threads() {
        return 1;
    }

    /// The container that a disk came in, before its volumes.
    ///
    /// @param digests of the whole disk as the container states them, by algorithm
    default void container(String format, List<String> notes, Map<String, String> digests) throws IOException {}

    /// Whether the digests that a container states are compared with its content, which reads all of it.
    default boolean comparesDigests() {
        return false;
    }

    /// A digest that the container states was compared.
    default void compared(String algorithm, String stated, String found) throws IOException {}

    /// A volume of a disk, or a gap between two, before the file systems.
    ///
    /// @param about why it holds no files, where that is known
    default void volume(String name, String kind, long offset, long size, boolean allocated, Optional<String> about)
            throws IOException {}

    /// A volume, or a part of a disk's structure, that could not be read.
    default void unreadVolume(String name, String kind, long offset, long size, String reason) throws IOException {
        unreadable(Entry.plain("/", Entry.Type.UNKNOWN, size).withVolume(name), reason);
    }

    /// A file system, before its entries.
    default void fileSystem(String volume, String type, Optional<String> label) throws IOException {}

    /// All entries of a file system were told.
    default void fileSystemDone(String volume) throws IOException {}

    /// [#damaged] of a path in a volume.
    default void damaged(Optional<String> volume, String path, OptionalLong offset, String reason) {
        damaged(path, offset, reason);
    }

    /// [#noted] of a path in a volume.
    default void noted(Optional<String> volume, String path, String reason) {
        noted(path, reason);
    }

    /// How far the walk is; `total` is 0 while it is unknown.
    default void progress(long done, long total, String path) {}
}
