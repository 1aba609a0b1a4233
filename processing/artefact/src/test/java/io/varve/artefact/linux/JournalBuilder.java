package io.varve.artefact.linux;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jpountz.lz4.LZ4Factory;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

/// Writes small journal files, object by object, without hash tables.
final class JournalBuilder {
    /// How a data object is stored.
    enum Packing {
        PLAIN,
        XZ,
        LZ4,
        ZSTD
    }

    private static final int HEADER = 272;
    private static final int ARRAY_SLOTS = 4;
    private static final byte[] FILE_ID = "varve-file-id-01".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEQNUM_ID = "varve-seqnum-01!".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BOOT_ID = "varve-boot-id-01".getBytes(StandardCharsets.US_ASCII);

    private final boolean keyed;
    private final boolean compact;
    private final Packing packing;
    private final ByteBuffer file = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    private final Map<String, Integer> data = new LinkedHashMap<>();
    private final List<Integer> entries = new ArrayList<>();
    private final List<Integer> arrays = new ArrayList<>();
    private long firstRealtime;
    private long lastRealtime;
    private int objects;
    private int tail;

    JournalBuilder(boolean keyed, boolean compact, Packing packing) {
        this.keyed = keyed;
        this.compact = compact;
        this.packing = packing;
        file.position(HEADER);
    }

    JournalBuilder entry(long realtime, String... fields) {
        int[] items = new int[fields.length];
        for (int i = 0; i < fields.length; i++) {
            items[i] = data(fields[i].getBytes(StandardCharsets.ISO_8859_1));
        }
        firstRealtime = firstRealtime == 0 ? realtime : firstRealtime;
        lastRealtime = realtime;
        int offset = start(3, 0, 64 + items.length * (compact ? 4 : 16));
        file.putLong(entries.size() + 1).putLong(realtime).putLong(realtime % 1_000_000_000L);
        file.put(BOOT_ID).putLong(0);
        for (int item : items) {
            if (compact) {
                file.putInt(item);
            } else {
                file.putLong(item).putLong(file.getLong(item + 16));
            }
        }
        align();
        list(offset);
        return this;
    }

    /// Offset of the entry, counted from 0.
    int offset(int entry) {
        return entries.get(entry);
    }

    /// Offset of the data object of `NAME=value`.
    int offset(String field) {
        return java.util.Objects.requireNonNull(data.get(field), field);
    }

    private int data(byte[] payload) {
        String name = new String(payload, StandardCharsets.ISO_8859_1);
        Integer known = data.get(name);
        if (known != null) {
            return known;
        }
        byte[] packed = payload.length < 64 ? payload : pack(payload);
        int flags = packed == payload ? 0 : 1 << (packing.ordinal() - 1);
        int offset = start(1, flags, (compact ? 72 : 64) + packed.length);
        file.putLong(keyed ? JournalHash.sip(payload, FILE_ID) : JournalHash.jenkins(payload));
        file.put(new byte[compact ? 48 : 40]).put(packed);
        align();
        data.put(name, offset);
        return offset;
    }

    private byte[] pack(byte[] payload) {
        return switch (packing) {
            case PLAIN -> payload;
            case ZSTD -> Zstd.compress(payload);
            case LZ4 -> {
                byte[] block = LZ4Factory.safeInstance().fastCompressor().compress(payload);
                yield ByteBuffer.allocate(8 + block.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(payload.length)
                        .put(block)
                        .array();
            }
            case XZ -> xz(payload);
        };
    }

    private static byte[] xz(byte[] payload) {
        var packed = new ByteArrayOutputStream();
        try (var xz = new XZOutputStream(packed, new LZMA2Options(), XZ.CHECK_NONE)) {
            xz.write(payload);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private void list(int entry) {
        int slot = entries.size() % ARRAY_SLOTS;
        if (slot == 0) {
            int offset = start(6, 0, 24 + ARRAY_SLOTS * (compact ? 4 : 8));
            if (!arrays.isEmpty()) {
                file.putLong(arrays.getLast() + 16, offset);
            }
            arrays.add(offset);
            file.put(new byte[8 + ARRAY_SLOTS * (compact ? 4 : 8)]);
            align();
        }
        entries.add(entry);
        int at = arrays.getLast() + 24 + slot * (compact ? 4 : 8);
        if (compact) {
            file.putInt(at, entry);
        } else {
            file.putLong(at, entry);
        }
    }

    private int start(int type, int flags, int size) {
        objects++;
        tail = file.position();
        file.put((byte) type).put((byte) flags).put(new byte[6]).putLong(size);
        return tail;
    }

    private void align() {
        file.position((file.position() + 7) & ~7);
    }

    /// The file, with 64 unused bytes at its end.
    byte[] build() {
        int size = file.position() + 64;
        int features = (keyed ? 4 : 0) | (compact ? 16 : 0);
        features |= packing == Packing.PLAIN ? 0 : packing == Packing.ZSTD ? 8 : packing.ordinal();
        ByteBuffer head = file.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(0);
        head.put("LPKSHHRH".getBytes(StandardCharsets.US_ASCII)).putInt(0).putInt(features);
        head.putLong(0).put(FILE_ID).put(BOOT_ID).put(BOOT_ID).put(SEQNUM_ID);
        head.putLong(HEADER)
                .putLong(size - HEADER)
                .putLong(0)
                .putLong(0)
                .putLong(0)
                .putLong(0);
        head.putLong(tail).putLong(objects).putLong(entries.size());
        head.putLong(entries.size()).putLong(entries.isEmpty() ? 0 : 1);
        head.putLong(arrays.isEmpty() ? 0 : arrays.getFirst());
        head.putLong(firstRealtime).putLong(lastRealtime).putLong(lastRealtime % 1_000_000_000L);
        head.putLong(data.size()).putLong(0).putLong(0).putLong(arrays.size());
        byte[] whole = new byte[size];
        file.duplicate().position(0).get(whole);
        return whole;
    }
}
