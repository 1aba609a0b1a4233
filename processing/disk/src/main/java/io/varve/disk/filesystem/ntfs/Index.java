package io.varve.disk.filesystem.ntfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LittleEndian;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// The `$I30` index of a folder, searched for names that `$MFT` does not give: names that were removed, since the bytes
/// behind the last entry of a block keep what was there when an entry went or the block was split; and names in use of
/// files whose records cannot be read.
final class Index {
    static final String NAME = "$I30";

    private static final int BLOCK = 0x5844_4e49;
    private static final int HEADER = 24;
    private static final int ENTRY = 16;
    private static final int CHUNK = 256 << 10;
    private static final int LARGEST_BLOCK = 64 << 10;

    private final Listing listing;
    private final Catalogue catalogue;
    private final int folder;
    private final Consumer<Node> names;
    private final Set<Entry> told = new HashSet<>();
    private final Map<Entry, Node> doubtful = new LinkedHashMap<>();

    private record Entry(long reference, String name) {}

    Index(Listing listing, int folder, Consumer<Node> names) {
        this.listing = listing;
        this.catalogue = listing.catalogue();
        this.folder = folder;
        this.names = names;
    }

    /// @param root value of the index root
    void root(byte[] root) {
        if (root.length < 32) {
            throw new CorruptException("index root of %d bytes".formatted(root.length));
        }
        if (catalogue.hasBroken()) {
            used(root, 16, root.length);
        }
    }

    /// @param root value of the index root, which states the size of the blocks
    void blocks(byte[] root, Bytes blocks, long size) throws IOException {
        int blockSize = LittleEndian.i32(root, 8);
        if (blockSize < 512 || blockSize > LARGEST_BLOCK || Integer.bitCount(blockSize) != 1) {
            throw new CorruptException("index blocks of %d bytes".formatted(blockSize));
        }
        byte[] chunk = new byte[(int) Math.min(Math.max(CHUNK, blockSize), size / blockSize * blockSize)];
        for (long at = 0; at <= size - blockSize; ) {
            long zeros = blocks.zeros(at) / blockSize * blockSize;
            if (zeros > 0) {
                at += zeros;
                continue;
            }
            int length = (int) Math.min(chunk.length, (size - at) / blockSize * blockSize);
            blocks.read(at, chunk, 0, length);
            for (int start = 0; start < length; start += blockSize) {
                block(chunk, start, blockSize);
            }
            at += length;
        }
        doubtful.forEach(this::tell);
    }

    private void block(byte[] bytes, int start, int size) {
        if (LittleEndian.i32(bytes, start) != BLOCK
                || !Fixups.apply(bytes, start, size).isEmpty()) {
            return;
        }
        if (catalogue.hasBroken()) {
            used(bytes, start + HEADER, start + size);
        }
        int end = start + size;
        long used = LittleEndian.u32(bytes, start + HEADER + 4);
        int from = used > size - HEADER ? end : start + HEADER + (int) used;
        for (int at = (from + 7) & ~7; at <= end - ENTRY - Label.HEADER - 2; ) {
            int length = entry(bytes, at, end);
            if (length > 0) {
                removed(bytes, at);
            }
            at += length == 0 ? 8 : length;
        }
    }

    /// Entries in use, for the names of broken records.
    ///
    /// @param header where the header of the entries starts
    private void used(byte[] bytes, int header, int end) {
        long first = LittleEndian.u32(bytes, header);
        long last = Math.min(end, header + LittleEndian.u32(bytes, header + 4));
        long at = header + first;
        while (at <= last - ENTRY) {
            int length = LittleEndian.u16(bytes, (int) at + 8);
            if (length < ENTRY || (length & 7) != 0) {
                return;
            }
            if (entry(bytes, (int) at, (int) last) > 0) {
                int record = (int) (LittleEndian.i64(bytes, (int) at) & Record.NUMBER);
                if (catalogue.is(record, Catalogue.BROKEN)) {
                    tell(bytes, (int) at, false, true);
                }
            }
            at += length;
        }
    }

    /// Looks at what may be an entry of a name in this folder.
    ///
    /// @return its length; 0 when it is none
    private int entry(byte[] bytes, int at, int end) {
        int length = LittleEndian.u16(bytes, at + 8);
        int keyLength = LittleEndian.u16(bytes, at + 10);
        int key = at + ENTRY;
        if ((length & 7) != 0 || length < ENTRY + keyLength || length > end - at) {
            return 0;
        }
        if (!Label.fits(bytes, key, keyLength) || Label.namespace(bytes, key) > 3) {
            return 0;
        }
        long parent = Label.parent(bytes, key);
        boolean here = (parent & Record.NUMBER) == folder && catalogue.isSequence(folder, Record.sequence(parent));
        boolean known = (LittleEndian.i64(bytes, at) & Record.NUMBER) < catalogue.records();
        return here && known && Label.namespace(bytes, key) != Label.DOS ? length : 0;
    }

    private void removed(byte[] bytes, int at) {
        long reference = LittleEndian.i64(bytes, at);
        int record = (int) (reference & Record.NUMBER);
        boolean same = catalogue.is(record, Catalogue.BASE) && catalogue.isSequence(record, Record.sequence(reference));
        if (!(same && isKnown(record, bytes, at + ENTRY))) {
            tell(bytes, at, same, false);
        }
    }

    private boolean isKnown(int record, byte[] bytes, int key) {
        for (int name = catalogue.firstName(record); name != Catalogue.NONE; name = catalogue.nextName(name)) {
            if (catalogue.parent(name) == folder && Label.isName(catalogue.pool, catalogue.label(name), bytes, key)) {
                return true;
            }
        }
        return false;
    }

    /// @param same whether the record is still that of the file the entry means
    private void tell(byte[] bytes, int at, boolean same, boolean used) {
        int key = at + ENTRY;
        String name = Label.name(bytes, key);
        var entry = new Entry(LittleEndian.i64(bytes, at), name);
        int record = (int) (entry.reference & Record.NUMBER);
        if (same) {
            tell(entry, new NtfsNode(listing, record, Catalogue.NONE, name, Label.times(bytes, key)));
            return;
        }
        boolean broken = catalogue.is(record, Catalogue.BROKEN);
        Node node = IndexNode.of(record, name, used, broken, bytes, key);
        if (broken && !used) {
            // an entry in use may still come
            doubtful.put(entry, node);
        } else {
            tell(entry, node);
        }
    }

    private void tell(Entry entry, Node node) {
        if (told.add(entry)) {
            names.accept(node);
        }
    }
}
