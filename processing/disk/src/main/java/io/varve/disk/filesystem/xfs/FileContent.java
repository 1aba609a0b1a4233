package io.varve.disk.filesystem.xfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import java.io.IOException;
import java.util.Arrays;

/// The bytes of a fork: each run of blocks is one read of the volume; holes and unwritten extents are zeros.
record FileContent(Metadata metadata, long inode, ExtentList extents, long size) implements Bytes {
    FileContent {
        if (size < 0) {
            throw new CorruptException("XFS inode %d has a size of %d".formatted(inode, size));
        }
    }

    @Override
    public void read(long offset, byte[] target, int from, int length) throws IOException {
        check(offset, length, "read");
        int done = 0;
        while (done < length) {
            long at = offset + done;
            Run run = run(at);
            int part = (int) Math.min(length - done, run.length);
            if (run.position >= 0) {
                metadata.volume().read(run.position, target, from + done, part);
            } else {
                Arrays.fill(target, from + done, from + done + part, (byte) 0);
            }
            done += part;
        }
    }

    @Override
    public long zeros(long offset) {
        long at = offset;
        while (at >= 0 && at < size) {
            int extent = extents.find(at / blockSize());
            boolean covered = extent >= 0 && at / blockSize() < extents.end(extent);
            if (covered && extents.first(extent) != ExtentList.UNWRITTEN) {
                break;
            }
            at += run(at).length;
        }
        return at - offset;
    }

    /// @param position in the volume, or -1 for zeros
    /// @param length bytes to the end of the run or of the file
    private record Run(long position, long length) {}

    private Run run(long at) {
        int blockSize = blockSize();
        long block = at / blockSize;
        long inside = at % blockSize;
        int extent = extents.find(block);
        if (extent < 0 || block >= extents.end(extent)) {
            long next = extent + 1 < extents.size() ? extents.offset(extent + 1) : Long.MAX_VALUE;
            return new Run(-1, bytes(block, next, at));
        }
        long length = bytes(block, extents.end(extent), at);
        long first = extents.first(extent);
        if (first == ExtentList.LOST) {
            throw new CorruptException("XFS inode %d: the extents of blocks %d to %d are lost"
                    .formatted(inode, extents.offset(extent), extents.end(extent)));
        }
        if (first == ExtentList.UNWRITTEN) {
            return new Run(-1, length);
        }
        long start = extents.offset(extent);
        long position = metadata.superblock().position(first, extents.end(extent) - start, "extent of inode " + inode);
        return new Run(position + (block - start) * blockSize + inside, length);
    }

    /// Bytes from `at`, which lies in `block`, to the end of the block before `end`, not past the end of the file.
    private long bytes(long block, long end, long at) {
        long rest = size - at;
        long blocks = end - block;
        return blocks > rest / blockSize() + 1 ? rest : Math.min(rest, blocks * blockSize() - at % blockSize());
    }

    private int blockSize() {
        return metadata.superblock().blockSize();
    }
}
