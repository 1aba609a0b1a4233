package io.varve.disk;

import java.io.IOException;
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

    /// How far the walk is; `total` is 0 while it is unknown.
    default void progress(long done, long total, String path) {}
}
