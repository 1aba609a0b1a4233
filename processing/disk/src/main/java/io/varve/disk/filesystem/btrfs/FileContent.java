package io.varve.disk.filesystem.btrfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The bytes of a file. Extents are looked up in the tree as they are needed; the last one expanded is kept.
final class FileContent implements Bytes {
    private final Volume volume;
    private final Tree tree;
    private final long inode;
    private final long size;
    private volatile @Nullable Expanded last;

    private record Expanded(long start, byte[] content) {}

    FileContent(Volume volume, Tree tree, long inode, long size) {
        if (size < 0) {
            throw new CorruptException("btrfs inode %d has a size of %d".formatted(inode, size));
        }
        this.volume = volume;
        this.tree = tree;
        this.inode = inode;
        this.size = size;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int from, int length) throws IOException {
        check(offset, length, "read");
        int done = 0;
        while (done < length) {
            long at = offset + done;
            Optional<Extent> extent = extent(at);
            long end = extent.isPresent() ? extent.get().end() : next(at);
            int part = (int) Math.min(length - done, end - at);
            if (extent.isEmpty() || extent.get().zeros()) {
                Arrays.fill(target, from + done, from + done + part, (byte) 0);
            } else {
                part = read(extent.get(), at, target, from + done, part);
            }
            done += part;
        }
    }

    @Override
    public long zeros(long offset) throws IOException {
        long at = offset;
        while (at >= 0 && at < size) {
            Optional<Extent> extent = extent(at);
            if (extent.isPresent() && !extent.get().zeros()) {
                break;
            }
            at = Math.min(size, extent.isPresent() ? extent.get().end() : next(at));
        }
        return at - offset;
    }

    private int read(Extent extent, long at, byte[] target, int from, int length) throws IOException {
        long inside = at - extent.start() + extent.skipped();
        if (extent.kind() == Extent.INLINE || extent.compression() != Expansion.NONE) {
            byte[] content = expanded(extent);
            int there = (int) Math.max(0, Math.min(length, content.length - inside));
            System.arraycopy(content, (int) Math.min(inside, content.length), target, from, there);
            Arrays.fill(target, from + there, from + length, (byte) 0);
            return length;
        }
        volume.chunks().read(extent.address() + inside, target, from, length);
        return length;
    }

    private byte[] expanded(Extent extent) throws IOException {
        Expanded kept = last;
        if (kept != null && kept.start == extent.start()) {
            return kept.content;
        }
        byte[] stored;
        if (extent.kind() == Extent.INLINE) {
            stored = extent.item().copy(Extent.HEADER, (int) extent.stored());
        } else {
            stored = new byte[(int) extent.stored()];
            volume.chunks().read(extent.address(), stored, 0, stored.length);
        }
        byte[] content = extent.compression() == Expansion.NONE
                ? stored
                : Expansion.of(extent.compression(), stored, volume.superblock().sectorSize(), (int) extent.expanded());
        last = new Expanded(extent.start(), content);
        return content;
    }

    /// The extent that holds a byte of the file.
    private Optional<Extent> extent(long at) throws IOException {
        Optional<Tree.Item> item = tree.floor(new Key(inode, Key.EXTENT, at));
        if (item.isEmpty()
                || item.get().key().object() != inode
                || item.get().key().type() != Key.EXTENT) {
            return Optional.empty();
        }
        Extent extent = Extent.of(item.get().key().offset(), item.get().data());
        return Optional.of(extent).filter(found -> at < found.end());
    }

    /// Where the hole at `at` ends.
    private long next(long at) {
        long[] end = {size};
        var lost = new Losses();
        tree.each(
                new Key(inode, Key.EXTENT, at + 1),
                new Key(inode, Key.EXTENT, size),
                (key, data) -> {
                    end[0] = key.offset();
                    return false;
                },
                lost);
        lost.check();
        return Math.min(size, end[0]);
    }
}
