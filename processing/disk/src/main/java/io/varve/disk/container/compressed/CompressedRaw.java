package io.varve.disk.container.compressed;

import io.varve.binary.Bytes;
import io.varve.disk.LayerException;
import io.varve.disk.Scratch;
import io.varve.disk.container.Container;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A disk in a gzip or zstd file, read at any place: neither expanded from its start for each read nor copied.
///
/// A zstd file of one large frame is the exception: nothing in it can be read without all before it, so it is expanded
/// once, into scratch.
///
/// Whether a compressed file holds a disk, an archive or a log is for the caller to find out.
public sealed interface CompressedRaw extends Container permits GzipRaw, ZstdRaw {
    /// What of the content is lost, usually its end; asks for the whole first pass.
    Optional<String> damage() throws IOException;

    @Override
    default List<String> notes() {
        return List.of();
    }

    /// Whether this is a file [#open] reads.
    static boolean isCompressed(Bytes file) throws IOException {
        return magic(file) == Magic.GZIP || magic(file) == Magic.ZSTD;
    }

    /// @param name for messages
    /// @param file closed with the result
    /// @param scratch for what must be expanded
    static CompressedRaw open(String name, Bytes file, Scratch scratch) throws IOException {
        return switch (magic(file)) {
            case GZIP -> new GzipRaw(file);
            case ZSTD -> ZstdRaw.open(file, scratch);
            case OTHER ->
                throw new LayerException(
                        "compressed raw",
                        OptionalLong.of(0),
                        "%s is neither gzip nor zstd".formatted(name),
                        "give the disk as it is, or in one of these");
        };
    }

    private static Magic magic(Bytes file) throws IOException {
        byte[] head = new byte[(int) Math.min(4, file.size())];
        file.read(0, head, 0, head.length);
        return Magic.of(head);
    }

    /// How the file begins.
    enum Magic {
        GZIP,
        ZSTD,
        OTHER;

        static Magic of(byte[] head) {
            if (head.length < 4) {
                return OTHER;
            }
            int value = head[0] & 0xff | (head[1] & 0xff) << 8 | (head[2] & 0xff) << 16 | (head[3] & 0xff) << 24;
            if ((value & 0xff_ffff) == 0x08_8b1f) {
                return GZIP;
            }
            return value == ZstdFrames.MAGIC || (value & ~0xf) == ZstdFrames.SKIPPABLE ? ZSTD : OTHER;
        }
    }
}
