package io.varve.disk.filesystem.ntfs;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.disk.LayerException;
import io.varve.disk.LittleEndian;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/// A name of which only the entry in the index is left: it was removed and another file has its record now, or the
/// record
/// cannot be read.
///
/// @param allocated whether the index still lists it
/// @param broken whether the record cannot be read
/// @param indexTimes times as the index held them
record IndexNode(long inode, String name, boolean allocated, boolean broken, Type type, long size, Times indexTimes)
        implements Node {
    private static final int DIRECTORY = 0x1000_0000;

    /// @param key the `$FILE_NAME` of the entry
    static IndexNode of(long inode, String name, boolean allocated, boolean broken, byte[] bytes, int key) {
        boolean directory = (LittleEndian.i32(bytes, key + 56) & DIRECTORY) != 0;
        long size = Math.max(0, LittleEndian.i64(bytes, key + 48));
        Type type = directory ? Type.DIRECTORY : Type.FILE;
        return new IndexNode(inode, name, allocated, broken, type, size, Label.times(bytes, key));
    }

    @Override
    public Times times() {
        return Times.NONE;
    }

    @Override
    public Optional<Times> nameTimes() {
        return Optional.of(indexTimes);
    }

    @Override
    public Bytes open() throws IOException {
        String problem = broken
                ? "record %d of $MFT, which says where %s lies, cannot be read".formatted(inode, name)
                : "record %d of $MFT, once of the deleted file %s, belongs to another file now".formatted(inode, name);
        throw new LayerException(
                "NTFS",
                OptionalLong.empty(),
                problem,
                "only its name, size and times are left; look for its content in shadow copies");
    }
}
