package io.varve.disk;

import io.varve.event.EventTime;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// One name found in evidence, with the metadata that the directory, archive or file system holds of it.
///
/// @param path path inside the volume, starting with `/`; archive members follow `!/`
/// @param target what a link points to, as written
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
        Optional<String> target) {

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

    public Entry withPath(String other) {
        return new Entry(volume, other, type, size, inode, mode, uid, gid, times, target);
    }
}
