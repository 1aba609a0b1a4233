package io.varve.disk.container.qcow2;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.binary.Limits;
import io.varve.disk.LayerException;
import io.varve.disk.container.Disks;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The first cluster of the image: header, header extensions, name of the backing file.
///
/// @param backingFormat as written, e.g. `raw`; empty when the image does not say
/// @param encryption 0 none, 1 AES, 2 LUKS
record Header(
        int version,
        int clusterBits,
        long size,
        Table l1,
        int encryption,
        long snapshotCount,
        long snapshotOffset,
        long features,
        int compression,
        Optional<String> backing,
        String backingFormat,
        Optional<String> dataFile,
        List<String> notes) {
    static final int SIZE_V2 = 72;
    static final int ENCRYPTION = 32;

    private static final int SIZE_V3 = 104;
    private static final int BACKING_NAME = 1023;

    private static final long DIRTY = 1;
    private static final long CORRUPT = 1 << 1;
    private static final long DATA_FILE = 1 << 2;
    private static final long COMPRESSION = 1 << 3;
    private static final long EXTENDED = 1 << 4;
    private static final long KNOWN = DIRTY | CORRUPT | DATA_FILE | COMPRESSION | EXTENDED;

    private static final int EXTENSION_END = 0;
    private static final int EXTENSION_BACKING_FORMAT = 0xe2792aca;
    private static final int EXTENSION_FEATURES = 0x6803f857;
    private static final int EXTENSION_DATA_FILE = 0x44415441;
    private static final int FEATURE = 48;

    /// A first-level table.
    record Table(long offset, long entries) {}

    boolean hasDataFile() {
        return (features & DATA_FILE) != 0;
    }

    boolean isExtended() {
        return (features & EXTENDED) != 0;
    }

    /// Bytes of the disk that one second-level table speaks of, as a power of two.
    int tableBits() {
        return clusterBits + clusterBits - (isExtended() ? 4 : 3);
    }

    /// First-level entries that a disk needs.
    long entriesFor(long disk) {
        return (disk + (1L << tableBits()) - 1) >>> tableBits();
    }

    static Header of(Bytes file) throws IOException {
        Cursor in = Cursor.bigEndian(file.at(0, SIZE_V2, "QCOW2 header"));
        in.skip(4, "QCOW2 magic");
        int version = in.i32("QCOW2 version");
        if (version != 2 && version != 3) {
            throw new LayerException(
                    Qcow2.LAYER,
                    OptionalLong.of(4),
                    "version %d is not read".formatted(version),
                    "convert the image with qemu-img");
        }
        long backingOffset = in.i64("QCOW2 backing file offset");
        int backingLength = Limits.check(in.u32("QCOW2 backing file size"), BACKING_NAME, "QCOW2 backing file size");
        int clusterBits = in.i32("QCOW2 cluster bits");
        if (clusterBits < 9 || clusterBits > 21) {
            throw new CorruptException(
                    "QCOW2 cluster bits at offset 20 are %d, allowed are 9 to 21".formatted(clusterBits));
        }
        long size = Disks.size(in.i64("QCOW2 size"), "QCOW2 size at offset 24");
        int encryption = in.i32("QCOW2 encryption");
        long l1Entries = in.u32("QCOW2 L1 size");
        long l1Offset = in.i64("QCOW2 L1 offset");
        in.skip(12, "QCOW2 refcount table");
        long snapshots = in.u32("QCOW2 number of snapshots");
        long snapshotOffset = in.i64("QCOW2 snapshot table offset");

        long features = 0;
        int compression = 0;
        long length = SIZE_V2;
        if (version == 3) {
            Cursor more = Cursor.bigEndian(file.at(SIZE_V2, SIZE_V3 - SIZE_V2, "QCOW2 v3 header"));
            features = more.i64("QCOW2 incompatible features");
            more.skip(20, "QCOW2 features");
            length = more.u32("QCOW2 header length");
            if (length < SIZE_V3 || length > 1L << clusterBits) {
                throw new CorruptException("QCOW2 header length at offset 100 is " + length);
            }
            if (length > SIZE_V3) {
                compression = file.at(SIZE_V3, 1, "QCOW2 compression type").get(ValueLayout.JAVA_BYTE, 0) & 0xff;
            }
        }
        long end = backingOffset > length ? backingOffset : 1L << clusterBits;
        Map<Integer, byte[]> extensions =
                extensions(file, length, Math.min(Math.min(end, 1L << clusterBits), file.size()));
        checkFeatures(features, extensions.getOrDefault(EXTENSION_FEATURES, new byte[0]));
        checkCompression(features, compression);
        List<String> notes = new ArrayList<>();
        if ((features & DIRTY) != 0) {
            notes.add("the image was not closed cleanly");
        }
        if ((features & CORRUPT) != 0) {
            notes.add("QEMU marked the image as corrupt");
        }
        Optional<String> backing = Optional.empty();
        if (backingOffset != 0) {
            byte[] name = new byte[backingLength];
            file.read(backingOffset, name, 0, backingLength);
            backing = Optional.of(text(name));
            notes.add("backing file: " + backing.get());
        }
        Header header = new Header(
                version,
                clusterBits,
                size,
                new Table(l1Offset, l1Entries),
                encryption,
                snapshots,
                snapshotOffset,
                features,
                compression,
                backing,
                text(extensions.getOrDefault(EXTENSION_BACKING_FORMAT, new byte[0])),
                Optional.ofNullable(extensions.get(EXTENSION_DATA_FILE)).map(Header::text),
                List.copyOf(notes));
        header.checkTable(file, header.l1, size, "QCOW2 L1 table");
        return header;
    }

    /// That a first-level table lies in the file and is long enough for its disk.
    void checkTable(Bytes file, Table table, long disk, String what) {
        if (table.entries < entriesFor(disk)) {
            throw new CorruptException("%s has %d entries, a disk of %d bytes needs %d"
                    .formatted(what, table.entries, disk, entriesFor(disk)));
        }
        file.check(table.offset, entriesFor(disk) * Long.BYTES, what);
    }

    private static Map<Integer, byte[]> extensions(Bytes file, long start, long end) throws IOException {
        Map<Integer, byte[]> extensions = new HashMap<>();
        long position = start;
        while (end - position >= 8) {
            Cursor in = Cursor.bigEndian(file.at(position, 8, "QCOW2 header extension"));
            int type = in.i32("QCOW2 header extension type");
            long length = in.u32("QCOW2 header extension length");
            if (type == EXTENSION_END) {
                break;
            }
            if (length > end - position - 8) {
                throw new CorruptException("QCOW2 header extension at offset %d has %d bytes, %d are left"
                        .formatted(position, length, end - position - 8));
            }
            if (type == EXTENSION_BACKING_FORMAT || type == EXTENSION_FEATURES || type == EXTENSION_DATA_FILE) {
                extensions.putIfAbsent(
                        type,
                        file.at(position + 8, length, "QCOW2 header extension").toArray(ValueLayout.JAVA_BYTE));
            }
            position += 8 + (length + 7) / 8 * 8;
        }
        return extensions;
    }

    private static void checkFeatures(long features, byte[] names) throws LayerException {
        long unknown = features & ~KNOWN;
        if (unknown == 0) {
            return;
        }
        int bit = Long.numberOfTrailingZeros(unknown);
        String name = "feature bit " + bit;
        for (int i = 0; i + FEATURE <= names.length; i += FEATURE) {
            if (names[i] == 0 && names[i + 1] == bit) {
                name += " (" + text(Arrays.copyOfRange(names, i + 2, i + FEATURE)) + ")";
            }
        }
        throw new LayerException(
                Qcow2.LAYER,
                OptionalLong.of(SIZE_V2),
                "the image needs %s, which is not known".formatted(name),
                "convert it with the qemu-img it was made with");
    }

    private static void checkCompression(long features, int compression) throws LayerException {
        boolean stated = (features & COMPRESSION) != 0;
        if (stated == (compression == 0)) {
            throw new CorruptException("QCOW2 compression type at offset 104 is %d, its feature bit is %s"
                    .formatted(compression, stated ? "set" : "not set"));
        }
        if (compression > 1) {
            throw new LayerException(
                    Qcow2.LAYER,
                    OptionalLong.of(SIZE_V3),
                    "compression type %d is not known".formatted(compression),
                    "convert the image with the qemu-img it was made with");
        }
    }

    static String text(byte[] raw) {
        String text = new String(raw, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }
}
