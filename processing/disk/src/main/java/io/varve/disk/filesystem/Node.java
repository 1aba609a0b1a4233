package io.varve.disk.filesystem;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.event.EventTime;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// A name in a file system with the metadata it leads to.
public interface Node {
    /// One segment of a path, escaped as [io.varve.disk.Names] says.
    String name();

    /// False for a name that was deleted, or one whose file was.
    boolean allocated();

    /// Metadata address: inode, MFT record, directory entry.
    long inode();

    Type type();

    /// Size of the main content in bytes.
    long size();

    /// Permission bits, without the type.
    default OptionalInt mode() {
        return OptionalInt.empty();
    }

    default OptionalLong uid() {
        return OptionalLong.empty();
    }

    default OptionalLong gid() {
        return OptionalLong.empty();
    }

    /// With the precision the format keeps. A time of zero is absent where the format means "not set" by it.
    Times times();

    /// The second set of times that NTFS keeps with the name.
    default Optional<Times> nameTimes() {
        return Optional.empty();
    }

    /// When it was deleted, where the format keeps that.
    default Optional<EventTime> deleted() {
        return Optional.empty();
    }

    /// Device number of a block or character device, `major << 32 | minor`, where the format keeps one.
    default OptionalLong device() throws IOException {
        return OptionalLong.empty();
    }

    /// What a link or reparse point leads to, as text.
    default Optional<String> target() throws IOException {
        return Optional.empty();
    }

    /// Named streams besides the main content (NTFS, resource forks).
    default List<Stream> streams() {
        return List.of();
    }

    /// Extended attributes by their full name, e.g. `security.selinux`.
    default Map<String, byte[]> attributes() throws IOException {
        return Map.of();
    }

    /// Equal for all names of the same metadata and for nothing else in this file system.
    default Object identity() {
        return inode();
    }

    /// How many names lead to this metadata, where the format counts them.
    default int links() {
        return 1;
    }

    /// Opens the main content: sparse runs are zeros, compressed runs are expanded as they are read. The caller closes.
    ///
    /// @throws io.varve.disk.LayerException when a form (compression, encryption) is not supported
    Bytes open() throws IOException;

    /// @param name without the colon
    interface Stream {
        String name();

        long size();

        Bytes open() throws IOException;
    }
}
