package io.varve.artefact.linux;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The objects of one journal file, read at any offset; decoded data objects are cached.
///
/// Format: https://systemd.io/JOURNAL_FILE_FORMAT (regular, keyed-hash and compact files).
final class JournalFile {
    static final int DATA = 1;
    static final int ENTRY = 3;
    static final int ENTRY_ARRAY = 6;
    static final int OBJECT_HEADER = 16;
    static final int ENTRY_HEADER = 64;
    static final int ARRAY_HEADER = 24;

    private static final int[] SMALLEST = {0, 64, 40, ENTRY_HEADER, OBJECT_HEADER, OBJECT_HEADER, ARRAY_HEADER, 64};
    private static final int SMALLEST_HEADER = 208;
    private static final int LARGEST_HEADER = 1 << 16;
    private static final int KEYED_HASH = 4;
    private static final int COMPACT = 16;
    private static final int KNOWN_FEATURES = 31;
    /// Items of one entry; journald itself allows 1,024 fields.
    private static final int ITEMS = 4_096;
    /// Text of one entry, in characters; fields past it are left out with a warning.
    private static final int ENTRY_TEXT = 8 << 20;

    private static final int CACHED = 1 << 14;
    private static final int CACHED_LENGTH = 1_024;

    private final Pages pages;
    private final boolean keyed;
    private final boolean compact;
    private final byte[] fileId;
    private final long[] cachedOffsets = new long[CACHED];
    private final @Nullable JournalData[] cached = new JournalData[CACHED];

    /// What is wrong with the header; the rest is read as far as it makes sense.
    final List<String> headerDamage = new ArrayList<>(0);

    final String seqnumId;
    final long headerSize;
    final long arenaEnd;
    final long tailObject;
    final long entryCount;
    final long firstArray;

    JournalFile(Bytes bytes) throws IOException {
        pages = new Pages(bytes);
        bytes.check(0, SMALLEST_HEADER, "journal header");
        int features = (int) pages.u32(12, "incompatible flags");
        if ((features & ~KNOWN_FEATURES) != 0) {
            headerDamage.add("the header names unknown features: %#x".formatted(features));
        }
        keyed = (features & KEYED_HASH) != 0;
        compact = (features & COMPACT) != 0;
        fileId = pages.bytes(24, 16, "file id");
        seqnumId = HexFormat.of().formatHex(pages.bytes(72, 16, "sequence number id"));
        headerSize = headerSize(pages.i64(88, "header size"));
        long arena = header(96, "arena size");
        arenaEnd = arena == 0 ? pages.size() : saturated(headerSize, arena);
        tailObject = header(136, "tail object offset");
        entryCount = header(152, "number of entries");
        firstArray = header(176, "entry array offset");
    }

    /// A damaged size costs nothing: the walk finds the first object behind the smallest header.
    private long headerSize(long stated) {
        if (stated >= SMALLEST_HEADER && stated <= LARGEST_HEADER && stated % 8 == 0) {
            return stated;
        }
        headerDamage.add("the header says it is %s bytes long".formatted(Long.toUnsignedString(stated)));
        return SMALLEST_HEADER;
    }

    private long header(long offset, String field) throws IOException {
        long value = pages.i64(offset, field);
        if (value >= 0) {
            return value;
        }
        headerDamage.add("%s is %s".formatted(field, Long.toUnsignedString(value)));
        return 0;
    }

    private static long saturated(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    /// Where objects end: the arena, or the file when it was cut.
    long end() {
        return Math.min(arenaEnd, pages.size());
    }

    /// Type of the object at an offset, or 0 when no object can be there.
    int type(long offset) throws IOException {
        if (offset < headerSize || offset % 8 != 0 || offset > end() - OBJECT_HEADER) {
            return 0;
        }
        long head = pages.i64(offset, "object header");
        int type = (int) head & 0xff;
        int flags = (int) (head >>> 8) & 0xff;
        boolean known = type >= 1 && type < SMALLEST.length && head >>> 16 == 0;
        boolean packed = flags == 0 || type == DATA && (flags == 1 || flags == 2 || flags == 4);
        if (!known || !packed) {
            return 0;
        }
        long size = pages.i64(offset + 8, "object size");
        return size >= SMALLEST[type] && size <= end() - offset ? type : 0;
    }

    /// Whether nothing was ever written at an offset.
    boolean isUnused(long offset) throws IOException {
        return offset > end() - OBJECT_HEADER
                || pages.i64(offset, "object header") == 0 && pages.i64(offset + 8, "object size") == 0;
    }

    long objectSize(long offset) throws IOException {
        return pages.u63(offset + 8, "object size");
    }

    /// Offset of the object after the one at `offset`.
    long next(long offset) throws IOException {
        return offset + ((objectSize(offset) + 7) & ~7L);
    }

    /// A page of the global list of entries: its items, and the offset of the next page or 0.
    long nextArray(long offset) throws IOException {
        return pages.u63(offset + 16, "next entry array");
    }

    int arrayItems(long offset) throws IOException {
        return Limits.check((objectSize(offset) - ARRAY_HEADER) / itemSize(), Integer.MAX_VALUE, "entry array");
    }

    long arrayItem(long offset, int index) throws IOException {
        long at = offset + ARRAY_HEADER + (long) index * itemSize();
        return compact ? pages.u32(at, "entry array item") : pages.i64(at, "entry array item");
    }

    private int itemSize() {
        return compact ? 4 : 8;
    }

    /// @param fields in stored order
    /// @param damage what could not be read of it
    record Entry(
            long seqnum, long realtime, long monotonic, String bootId, List<JournalData> fields, List<String> damage) {}

    Entry entry(long offset) throws IOException {
        if (type(offset) != ENTRY) {
            throw new CorruptException("no entry object here");
        }
        int itemSize = compact ? 4 : 16;
        long count = (objectSize(offset) - ENTRY_HEADER) / itemSize;
        var damage = new ArrayList<String>(0);
        if (count > ITEMS) {
            damage.add("%d fields, the first %d are read".formatted(count, ITEMS));
        }
        var fields = new ArrayList<JournalData>((int) Math.min(count, ITEMS));
        long text = 0;
        for (int i = 0; i < Math.min(count, ITEMS) && text <= ENTRY_TEXT; i++) {
            long at = offset + ENTRY_HEADER + (long) i * itemSize;
            try {
                JournalData data = data(compact ? pages.u32(at, "item") : pages.u63(at, "item"), damage);
                fields.add(data);
                text += data.value().length();
            } catch (CorruptException e) {
                damage.add("field %d of %d: %s".formatted(i + 1, count, e.getMessage()));
            }
        }
        if (text > ENTRY_TEXT) {
            damage.add("fields past %d characters are left out".formatted(ENTRY_TEXT));
        }
        if (fields.isEmpty()) {
            throw new CorruptException("entry without readable fields: " + String.join("; ", damage));
        }
        return new Entry(
                pages.i64(offset + 16, "sequence number"),
                pages.i64(offset + 24, "realtime"),
                pages.i64(offset + 32, "monotonic"),
                HexFormat.of().formatHex(pages.bytes(offset + 40, 16, "boot id")),
                fields,
                damage);
    }

    private JournalData data(long offset, List<String> damage) throws IOException {
        int slot = (int) ((offset >>> 3) * 0x9e3779b97f4a7c15L >>> 50);
        JournalData known = cached[slot];
        if (known != null && cachedOffsets[slot] == offset) {
            return known;
        }
        int before = damage.size();
        JournalData data = decode(offset, damage);
        if (data.value().length() <= CACHED_LENGTH && damage.size() == before) {
            cached[slot] = data;
            cachedOffsets[slot] = offset;
        }
        return data;
    }

    private JournalData decode(long offset, List<String> damage) throws IOException {
        if (type(offset) != DATA) {
            throw new CorruptException("no data object at " + offset);
        }
        int head = compact ? 72 : 64;
        byte[] raw = pages.bytes(offset + head, objectSize(offset) - head, "data payload");
        byte[] payload = JournalData.expand(raw, pages.u8(offset + 1, "object flags"));
        JournalData data = JournalData.of(payload);
        if (!data.whole()) {
            damage.add("%s is longer than %d bytes and was cut".formatted(data.name(), JournalData.LONGEST));
            return data;
        }
        long hash = keyed ? JournalHash.sip(payload, fileId) : JournalHash.jenkins(payload);
        if (hash != pages.i64(offset + OBJECT_HEADER, "hash")) {
            damage.add("%s at %d does not match its hash".formatted(data.name(), offset));
        }
        return data;
    }
}
