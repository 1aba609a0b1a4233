package io.varve.disk.volume.encrypted;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32;

/// One of the three copies of BitLocker's metadata: Joachim Metz, *BitLocker Drive Encryption (BDE) format*
/// ([libbde](https://github.com/libyal/libbde)), sections 6 and 7.
///
/// @param whole whether its checksum is right
/// @param version 1 for Vista, 2 since Windows 7
/// @param state 1 decrypted, 2 and 5 changing, 4 encrypted
/// @param encrypted bytes from the start that are encrypted; 0 for all
/// @param headerSectors sectors of the volume's start that are kept elsewhere
/// @param places of the three copies
/// @param last where the volume's start is kept; in version 1 the cluster of the MFT's mirror
/// @param method cipher of the volume
record FveMetadata(
        boolean whole,
        int version,
        int state,
        long encrypted,
        long headerSectors,
        List<Long> places,
        long last,
        int method,
        List<FveEntry> entries) {
    static final byte[] SIGNATURE = "-FVE-FS-".getBytes(StandardCharsets.US_ASCII);
    private static final int DATASET = 64;
    private static final int DATASET_HEADER = 48;
    private static final int LARGEST = 64 << 10;

    /// The copies that can be read, those whose checksum is right first.
    static List<FveMetadata> copies(Bytes volume, List<Long> places) throws IOException {
        var copies = new ArrayList<FveMetadata>();
        var problems = new ArrayList<String>();
        for (long place : places) {
            try {
                copies.add(read(volume, place));
            } catch (CorruptException e) {
                problems.add(e.getMessage());
            }
        }
        if (copies.isEmpty()) {
            throw new CorruptException("BitLocker has no readable metadata: " + String.join("; ", problems));
        }
        copies.sort(Comparator.comparing(copy -> !copy.whole));
        return copies;
    }

    private static FveMetadata read(Bytes volume, long place) throws IOException {
        String where = "BitLocker metadata at offset " + place;
        volume.check(place, DATASET + DATASET_HEADER, where);
        int available = (int) Math.min(LARGEST, volume.size() - place);
        var segment = volume.at(place, available, where);
        byte[] all = segment.toArray(ValueLayout.JAVA_BYTE);
        if (!Arrays.equals(all, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            throw new CorruptException(where + " has no signature");
        }
        Cursor cursor = Cursor.littleEndian(segment).at(SIGNATURE.length);
        int size = cursor.u16("size");
        int version = cursor.u16("version");
        if (version < 1 || version > 2) {
            throw new CorruptException("%s has version %d".formatted(where, version));
        }
        int state = cursor.u16("state");
        cursor.skip(2, "next state");
        long encrypted = cursor.i64("encrypted size");
        cursor.skip(4, "conversion log size");
        long headerSectors = cursor.u32("volume header sectors");
        var places = new ArrayList<Long>();
        for (int i = 0; i < 3; i++) {
            places.add(cursor.i64("metadata offset"));
        }
        long last = cursor.i64("volume header offset");
        long dataset = cursor.u32("dataset size");
        cursor.skip(4, "dataset version");
        long header = cursor.u32("dataset header size");
        int method = cursor.at(DATASET + 36).u16("encryption method");
        if (header < DATASET_HEADER || dataset < header || dataset > available - DATASET) {
            throw new CorruptException(
                    "%s states a header of %d and data of %d bytes".formatted(where, header, dataset));
        }
        List<FveEntry> entries = FveEntry.list(all, (int) (DATASET + header), (int) (DATASET + dataset), where);
        boolean whole = checked(all, version == 1 ? size : size << 4);
        return new FveMetadata(whole, version, state, encrypted, headerSectors, places, last, method, entries);
    }

    /// A CRC-32 of all before it follows the metadata.
    private static boolean checked(byte[] all, int size) {
        if (size > all.length - 8) {
            return false;
        }
        var crc = new CRC32();
        crc.update(all, 0, size);
        int stored = 0;
        for (int i = 3; i >= 0; i--) {
            stored = stored << 8 | all[size + 4 + i] & 0xff;
        }
        return (int) crc.getValue() == stored;
    }

    List<FveEntry> of(int role, int type) {
        return entries.stream()
                .filter(entry -> entry.role() == role && entry.type() == type)
                .toList();
    }
}
