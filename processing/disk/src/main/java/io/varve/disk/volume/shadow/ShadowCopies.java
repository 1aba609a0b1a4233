package io.varve.disk.volume.shadow;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.Problems;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The shadow copies that Windows (Vista and later) keeps inside an NTFS volume: Joachim Metz, *Volume Shadow Snapshot
/// (VSS) format* ([libvshadow](https://github.com/libyal/libvshadow)).
///
/// A copy keeps old content of blocks that changed after it was made, so each is read through those made later down to
/// the volume itself. Blocks whose content Windows leaves undefined are shown as zeros.
public final class ShadowCopies {
    private static final long VOLUME_HEADER = 0x1e00;

    /// Most copies; Windows keeps 64 (clients) or 512 (servers) of a volume.
    private static final int COPIES = 512;

    private static final int ENTRY = 128;
    private static final long FILETIME_SECOND = 10_000_000;
    private static final long FILETIME_1970 = 11_644_473_600L;

    private ShadowCopies() {}

    /// The copies, oldest first; none when the volume has no shadow storage.
    public static List<ShadowCopy> of(Bytes ntfsVolume, Problems problems) throws IOException {
        if (!StoreBlock.identified(ntfsVolume, VOLUME_HEADER)) {
            return List.of();
        }
        var entries = new LinkedHashMap<String, Entry>();
        try {
            Cursor header = Cursor.littleEndian(ntfsVolume.at(VOLUME_HEADER, ENTRY, "VSS volume header"));
            long catalog = header.at(48).i64("VSS catalog offset");
            catalog(ntfsVolume, catalog, entries);
        } catch (CorruptException e) {
            problems.lost(OptionalLong.of(VOLUME_HEADER), "shadow copies: " + e.getMessage());
        }
        return copies(ntfsVolume, entries.values(), problems);
    }

    /// As above; a damaged catalog is a [CorruptException].
    public static List<ShadowCopy> of(Bytes ntfsVolume) throws IOException {
        return of(ntfsVolume, new Problems() {
            @Override
            public void lost(OptionalLong offset, String reason) {
                throw new CorruptException(reason);
            }

            @Override
            public void noted(String reason) {}
        });
    }

    /// What the catalog's two entries about one store say.
    private static final class Entry {
        private final String store;
        private long size = -1;
        private long created;
        private long list = -1;
        private long header;
        private long bitmap;
        private long previousBitmap;

        Entry(String store) {
            this.store = store;
        }
    }

    private static void catalog(Bytes volume, long first, Map<String, Entry> entries) throws IOException {
        var chain = new StoreBlock.Chain(volume, first, StoreBlock.CATALOG);
        for (StoreBlock block = chain.next(); block != null; block = chain.next()) {
            MemorySegment content = block.content();
            for (long at = 0; at + ENTRY <= content.byteSize(); at += ENTRY) {
                entry(content.asSlice(at, ENTRY), entries);
                if (entries.size() > COPIES) {
                    throw new CorruptException(
                            "limit: VSS catalog at offset %d has more than %d copies".formatted(block.place(), COPIES));
                }
            }
        }
    }

    private static void entry(MemorySegment bytes, Map<String, Entry> entries) {
        Cursor cursor = Cursor.littleEndian(bytes);
        long type = cursor.i64("catalog entry type");
        if (type != 2 && type != 3) {
            return;
        }
        String store = guid(bytes, 16);
        Entry entry = entries.computeIfAbsent(store, Entry::new);
        if (type == 2) {
            entry.size = cursor.i64("volume size");
            entry.created = cursor.at(48).i64("creation time");
            return;
        }
        entry.list = cursor.i64("block list offset");
        entry.header = cursor.at(32).i64("store header offset");
        entry.bitmap = cursor.at(48).i64("bitmap offset");
        entry.previousBitmap = cursor.at(72).i64("previous bitmap offset");
    }

    private static List<ShadowCopy> copies(Bytes volume, Iterable<Entry> entries, Problems problems)
            throws IOException {
        var kept = new ArrayList<Entry>();
        for (Entry entry : entries) {
            if (entry.size > 0 && entry.list > 0) {
                kept.add(entry);
            } else {
                problems.noted("shadow copy of store %s keeps nothing in this volume".formatted(entry.store));
            }
        }
        kept.sort(Comparator.comparingLong(entry -> entry.created));
        var stores = kept.stream().map(entry -> new Store(volume, entry.list)).toList();
        var copies = new ArrayList<ShadowCopy>();
        for (int i = 0; i < kept.size(); i++) {
            Entry entry = kept.get(i);
            // a size past the volume's end is damage seen in the wild: libvshadow's document, chapter 6
            long size = Math.min(entry.size, volume.size());
            Bytes bytes = new ShadowBytes(volume, size, stores.subList(i, stores.size()), new Undefined(volume, entry));
            copies.add(new ShadowCopy("shadow" + (i + 1), time(entry.created), id(volume, entry, problems), bytes));
        }
        return copies;
    }

    /// The blocks in no use, read when the first is asked for.
    private static final class Undefined implements ShadowBytes.Unused {
        private final Bytes volume;
        private final Entry entry;
        private @Nullable FreeBlocks current;
        private FreeBlocks previous = FreeBlocks.NONE;

        Undefined(Bytes volume, Entry entry) {
            this.volume = volume;
            this.entry = entry;
        }

        @Override
        public boolean holds(long block) throws IOException {
            return current().holds(block) && (entry.previousBitmap == 0 || previous.holds(block));
        }

        private synchronized FreeBlocks current() throws IOException {
            if (current == null) {
                if (entry.previousBitmap != 0) {
                    previous = FreeBlocks.read(volume, entry.previousBitmap);
                }
                current = FreeBlocks.read(volume, entry.bitmap);
            }
            return current;
        }
    }

    /// The copy's own id from the store's header, or the store's when that cannot be read.
    private static String id(Bytes volume, Entry entry, Problems problems) throws IOException {
        try {
            StoreBlock header = StoreBlock.read(volume, entry.header, StoreBlock.STORE);
            return guid(header.content(), 16);
        } catch (CorruptException e) {
            problems.noted("shadow copy of store %s has no id of its own: %s".formatted(entry.store, e.getMessage()));
            return entry.store;
        }
    }

    private static EventTime time(long filetime) {
        long seconds = Math.floorDiv(filetime, FILETIME_SECOND) - FILETIME_1970;
        return EventTime.utc(
                seconds, (int) Math.floorMod(filetime, FILETIME_SECOND) * 100, Precision.HUNDRED_NANOSECONDS);
    }

    private static String guid(MemorySegment bytes, long offset) {
        Cursor cursor = Cursor.littleEndian(bytes).at(offset);
        long first = cursor.u32("GUID");
        int second = cursor.u16("GUID");
        int third = cursor.u16("GUID");
        long rest = Long.reverseBytes(cursor.i64("GUID"));
        return "%08x-%04x-%04x-%04x-%012x".formatted(first, second, third, rest >>> 48, rest & 0xffff_ffff_ffffL);
    }
}
