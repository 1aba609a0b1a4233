package io.varve.disk.volume.lvm;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.binary.Limits;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The B-trees of a thin pool, read node by node through a cache. Safe for several threads.
///
/// Source: Linux `drivers/md/persistent-data/dm-btree-internal.h` and `dm-btree-spine.c`.
final class ThinTree {
    static final int BLOCK = 4096;

    private static final int SALT = 121107;
    private static final int HEADER = 32;
    private static final int INTERNAL = 1;
    private static final int LEAF = 2;
    private static final int VALUE = 8;
    private static final int DEPTH = 10;

    /// Most nodes in memory, about 4 KiB each.
    private static final int CACHED = 2048;

    private final Bytes metadata;
    private final Map<Long, Node> cache = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Node> eldest) {
            return size() > CACHED;
        }
    };

    ThinTree(Bytes metadata) {
        this.metadata = metadata;
    }

    record Entry(long key, long value) {}

    private record Node(boolean leaf, long[] keys, long[] values) {}

    /// The entry with the lowest key that is not below `key`.
    @Nullable
    Entry ceiling(long root, long key) throws IOException {
        return ceiling(root, key, 0);
    }

    private @Nullable Entry ceiling(long block, long key, int depth) throws IOException {
        Limits.check(depth, DEPTH, "depth of a tree in a thin pool");
        Node node = node(block);
        int found = Arrays.binarySearch(node.keys, key);
        if (node.leaf) {
            int at = found >= 0 ? found : -found - 1;
            return at < node.keys.length ? new Entry(node.keys[at], node.values[at]) : null;
        }
        int child = Math.max(0, found >= 0 ? found : -found - 2);
        if (child >= node.keys.length) {
            return null;
        }
        Entry entry = ceiling(node.values[child], key, depth + 1);
        return entry != null || child + 1 >= node.keys.length ? entry : ceiling(node.values[child + 1], key, depth + 1);
    }

    private Node node(long block) throws IOException {
        synchronized (cache) {
            Node node = cache.get(block);
            if (node != null) {
                return node;
            }
        }
        Node node = read(block);
        synchronized (cache) {
            cache.put(block, node);
        }
        return node;
    }

    private Node read(long block) throws IOException {
        if (block < 0 || block > metadata.size() / BLOCK - 1) {
            throw new CorruptException(
                    "a tree of a thin pool leads to block %d of %d".formatted(block, metadata.size() / BLOCK));
        }
        byte[] bytes = new byte[BLOCK];
        metadata.read(block * BLOCK, bytes, 0, BLOCK);
        check(bytes, SALT, block);
        Cursor in = Cursor.littleEndian(MemorySegment.ofArray(bytes));
        long flags = in.at(4).u32("flags");
        long count = in.at(16).u32("number of entries");
        long most = in.at(20).u32("most entries");
        long valueSize = in.at(24).u32("size of a value");
        boolean usable = (flags == INTERNAL || flags == LEAF)
                && valueSize == VALUE
                && most <= (BLOCK - HEADER) / (8 + VALUE)
                && count <= most;
        if (!usable) {
            throw new CorruptException("node %d of a thin pool has flags %d, %d of %d entries and values of %d bytes"
                    .formatted(block, flags, count, most, valueSize));
        }
        long[] keys = new long[(int) count];
        long[] values = new long[(int) count];
        Cursor key = in.at(HEADER);
        Cursor value = in.at(HEADER + 8 * most);
        for (int i = 0; i < count; i++) {
            keys[i] = key.i64("key");
            values[i] = value.i64("value");
            if (i > 0 && keys[i] <= keys[i - 1]) {
                throw new CorruptException("the keys of node %d of a thin pool do not rise".formatted(block));
            }
        }
        return new Node(flags == LEAF, keys, values);
    }

    /// Every block of metadata begins with its checksum and knows its own number.
    static void check(byte[] block, int salt, long number) {
        Cursor in = Cursor.littleEndian(MemorySegment.ofArray(block));
        long stored = in.u32("checksum");
        var crc = new CRC32C();
        crc.update(block, 4, block.length - 4);
        if (((~crc.getValue() ^ salt) & 0xffff_ffffL) != stored) {
            throw new CorruptException(
                    "block %d of a thin pool's metadata does not have its checksum".formatted(number));
        }
        if (in.at(8).i64("own number") != number) {
            throw new CorruptException("block %d of a thin pool's metadata says it is another".formatted(number));
        }
    }
}
