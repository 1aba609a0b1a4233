package io.varve.disk.filesystem.overlay;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.binary.Limits;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A bbolt database: a tree of buckets, each with values and further buckets.
///
/// Pages are read as they are needed. Two pages describe the database; the valid one of the later transaction counts.
/// Format: <https://github.com/etcd-io/bbolt> (`internal/common`: page, meta, bucket).
final class Bolt {
    private static final long MAGIC = 0xed0cdaedL;
    private static final int VERSION = 2;
    private static final int PAGE_HEADER = 16;
    private static final int META = 64;
    private static final int ELEMENT = 16;
    private static final int BRANCH = 1;
    private static final int LEAF = 2;
    private static final int SMALLEST_PAGE = 512;
    private static final int LARGEST_PAGE = 1 << 16;
    private static final int DEEPEST = 32;
    private static final int MOST_ENTRIES = 1_000_000;

    private final Bytes file;
    private final int pageSize;
    private final Bucket root;

    private record Meta(int pageSize, long root, long transaction) {}

    private Bolt(Bytes file, Meta meta) {
        this.file = file;
        this.pageSize = meta.pageSize;
        this.root = new Bucket(meta.root, Optional.empty());
    }

    /// @throws CorruptException when neither description is valid
    static Bolt open(Bytes file) throws IOException {
        Optional<Meta> newest = meta(file, 0);
        for (int page = SMALLEST_PAGE; page <= LARGEST_PAGE; page *= 2) {
            Optional<Meta> second = meta(file, page);
            if (second.isPresent() && second.get().pageSize == page) {
                newest = newest.filter(first -> first.transaction > second.get().transaction)
                        .or(() -> second);
            }
        }
        return new Bolt(
                file,
                newest.orElseThrow(
                        () -> new CorruptException("bolt: no valid meta page in %d bytes".formatted(file.size()))));
    }

    Bucket root() {
        return root;
    }

    /// The bucket below buckets, empty when one of them is missing.
    Optional<Bucket> bucket(String... path) throws IOException {
        Bucket bucket = root;
        for (String name : path) {
            Bucket below = bucket.buckets().get(name);
            if (below == null) {
                return Optional.empty();
            }
            bucket = below;
        }
        return Optional.of(bucket);
    }

    private static Optional<Meta> meta(Bytes file, long offset) throws IOException {
        if (offset > file.size() - PAGE_HEADER - META) {
            return Optional.empty();
        }
        byte[] raw = new byte[META];
        file.read(offset + PAGE_HEADER, raw, 0, META);
        Cursor in = Cursor.littleEndian(MemorySegment.ofArray(raw));
        if (in.u32("magic") != MAGIC || in.u32("version") != VERSION) {
            return Optional.empty();
        }
        long pageSize = in.u32("page size");
        in.skip(4, "flags");
        long root = in.i64("root page");
        in.skip(24, "sequence, free list, high water mark");
        long transaction = in.i64("transaction");
        boolean valid = in.i64("checksum") == fnv(raw, META - 8);
        boolean sized = pageSize >= SMALLEST_PAGE && pageSize <= LARGEST_PAGE && Long.bitCount(pageSize) == 1;
        return valid && sized ? Optional.of(new Meta((int) pageSize, root, transaction)) : Optional.empty();
    }

    /// FNV-1a of 64 bits.
    private static long fnv(byte[] bytes, int length) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ bytes[i] & 0xff) * 0x100000001b3L;
        }
        return hash;
    }

    /// One bucket. Keys are text here.
    final class Bucket {
        private final long page;
        /// The only page of a small bucket, kept with its parent.
        private final Optional<MemorySegment> inline;

        private final Map<String, byte[]> values = new LinkedHashMap<>();
        private final Map<String, Bucket> buckets = new LinkedHashMap<>();
        private boolean loaded;

        private Bucket(long page, Optional<MemorySegment> inline) {
            this.page = page;
            this.inline = inline;
        }

        synchronized Map<String, byte[]> values() throws IOException {
            load();
            return values;
        }

        synchronized Map<String, Bucket> buckets() throws IOException {
            load();
            return buckets;
        }

        /// A value as text.
        Optional<String> text(String key) throws IOException {
            byte[] value = values().get(key);
            return value == null ? Optional.empty() : Optional.of(new String(value, StandardCharsets.UTF_8));
        }

        private void load() throws IOException {
            if (loaded) {
                return;
            }
            if (inline.isPresent()) {
                read(inline.get(), new HashSet<>(), 0);
            } else {
                read(page(page), new HashSet<>(Set.of(page)), 0);
            }
            loaded = true;
        }

        private void read(MemorySegment bytes, Set<Long> seen, int depth) throws IOException {
            Cursor header = Cursor.littleEndian(bytes);
            header.skip(8, "bolt page number");
            int flags = header.u16("bolt page flags");
            int count = header.u16("bolt page count");
            if (flags != LEAF && flags != BRANCH || depth > DEEPEST) {
                throw new CorruptException("bolt page of bucket %d: flags %x, depth %d".formatted(page, flags, depth));
            }
            if (count > (bytes.byteSize() - PAGE_HEADER) / ELEMENT) {
                throw new CorruptException(
                        "bolt page of bucket %d: %d entries in %d bytes".formatted(page, count, bytes.byteSize()));
            }
            for (int i = 0; i < count; i++) {
                int at = PAGE_HEADER + i * ELEMENT;
                Cursor element = header.at(at);
                if (flags == LEAF) {
                    leaf(header, element, at);
                    continue;
                }
                element.skip(8, "bolt branch key");
                long child = element.i64("bolt branch page");
                if (!seen.add(child)) {
                    throw new CorruptException("bolt page %d is in its bucket twice".formatted(child));
                }
                read(page(child), seen, depth + 1);
            }
        }

        private void leaf(Cursor bytes, Cursor element, int at) {
            boolean isBucket = (element.u32("bolt leaf flags") & 1) != 0;
            long position = at + element.u32("bolt leaf position");
            if (position > bytes.position() + bytes.remaining()) {
                throw new CorruptException(
                        "bolt entry of bucket %d at %d lies outside its page".formatted(page, position));
            }
            Cursor data = bytes.at(position);
            long keySize = element.u32("bolt key size");
            long valueSize = element.u32("bolt value size");
            String key =
                    new String(data.bytes(keySize, "bolt key").toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            MemorySegment value = data.bytes(valueSize, "bolt value");
            if (values.size() + buckets.size() >= MOST_ENTRIES) {
                throw new CorruptException("bolt bucket with more than %d entries".formatted(MOST_ENTRIES));
            }
            if (!isBucket) {
                values.put(key, value.toArray(ValueLayout.JAVA_BYTE));
                return;
            }
            Cursor header = Cursor.littleEndian(value);
            long root = header.i64("bolt bucket root");
            header.skip(8, "bolt bucket sequence");
            Optional<MemorySegment> small =
                    root == 0 ? Optional.of(header.bytes(header.remaining(), "bolt inline bucket")) : Optional.empty();
            buckets.put(key, new Bucket(root, small));
        }
    }

    private MemorySegment page(long number) throws IOException {
        if (number < 0 || number >= file.size() / pageSize) {
            throw new CorruptException("bolt page %d of %d".formatted(number, file.size() / pageSize));
        }
        byte[] header = new byte[PAGE_HEADER];
        file.read(number * pageSize, header, 0, PAGE_HEADER);
        long overflow =
                Cursor.littleEndian(MemorySegment.ofArray(header)).at(12).u32("bolt page overflow");
        int length = Limits.check((overflow + 1) * pageSize, Limits.STRUCTURE, "bolt page %d".formatted(number));
        file.check(number * pageSize, length, "bolt page %d".formatted(number));
        byte[] whole = new byte[length];
        file.read(number * pageSize, whole, 0, length);
        return MemorySegment.ofArray(whole);
    }
}
