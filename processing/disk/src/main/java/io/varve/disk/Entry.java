package io.varve.disk;

import io.varve.event.EventTime;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// One name found in evidence, with the metadata that the directory, archive or file system holds of it.
///
/// @param path path inside the volume, starting with `/`; archive members follow `!/`
/// @param path also names the stream of a named one: `/path:stream`
/// @param target what a link points to, as written
/// @param origin what a file system says of it; absent for loose files and members of archives
public record Entry(
        Optional<String> volume,
        String path,
        Type type,
        long size,
        OptionalLong inode,
        OptionalInt mode,
        OptionalLong uid,
        OptionalLong gid,
        Times times,
        Optional<String> target,
        Optional<Origin> origin) {

    /// An entry without a file system of ours.
    public Entry(
            Optional<String> volume,
            String path,
            Type type,
            long size,
            OptionalLong inode,
            OptionalInt mode,
            OptionalLong uid,
            OptionalLong gid,
            Times times,
            Optional<String> target) {
        this(volume, path, type, size, inode, mode, uid, gid, times, target, Optional.empty());
    }

    /// What only a file system knows of a name.
    ///
    /// @param fileSystem its type, e.g. `ext4`
    /// @param allocated false when the name or its file was deleted
    /// @param stream the named stream this is, of the file before the colon in the path
    /// @param sameAs path of the first name of the same content, for the further ones
    /// @param ofFolder whether it is the named stream of a folder
    /// @param nameTimes the second set of times that NTFS keeps with the name
    public record Origin(
            String fileSystem,
            boolean allocated,
            Optional<String> stream,
            Optional<String> sameAs,
            boolean ofFolder,
            Optional<Times> nameTimes) {}

    public enum Type {
        FILE,
        DIRECTORY,
        LINK,
        FIFO,
        SOCKET,
        BLOCK,
        CHARACTER,
        UNKNOWN;

        /// Named pipes, sockets, devices: names without content of their own.
        public boolean isSpecial() {
            return switch (this) {
                case FILE, DIRECTORY, LINK -> false;
                case FIFO, SOCKET, BLOCK, CHARACTER, UNKNOWN -> true;
            };
        }
    }

    /// The four times a file system may keep.
    public record Times(
            Optional<EventTime> modified,
            Optional<EventTime> accessed,
            Optional<EventTime> changed,
            Optional<EventTime> created) {
        public static final Times NONE =
                new Times(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        public static Times modified(Optional<EventTime> time) {
            return new Times(time, Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /// Whether the name and its file are in use; true for whatever is not in a file system.
    public boolean allocated() {
        return origin.map(Origin::allocated).orElse(true);
    }

    /// An entry of which only name, type and size are known.
    public static Entry plain(String path, Type type, long size) {
        return new Entry(
                Optional.empty(),
                path,
                type,
                size,
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Times.NONE,
                Optional.empty());
    }

    public Entry withVolume(String name) {
        return new Entry(Optional.of(name), path, type, size, inode, mode, uid, gid, times, target, origin);
    }

    public Entry withPath(String other) {
        return new Entry(volume, other, type, size, inode, mode, uid, gid, times, target, origin);
    }
}
