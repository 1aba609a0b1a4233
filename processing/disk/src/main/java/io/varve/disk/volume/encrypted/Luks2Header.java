package io.varve.disk.volume.encrypted;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.LayerException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// One of the two headers of LUKS2: 4 KiB of binary fields with a checksum, then JSON.
///
/// @param sequence the header with the higher one is the newer
record Luks2Header(long offset, long sequence, Json json) {
    private static final byte[] SECONDARY = {'S', 'K', 'U', 'L', (byte) 0xba, (byte) 0xbe};
    private static final int BINARY = 4096;
    private static final int CHECKSUM = 448;
    private static final int CHECKSUM_LENGTH = 64;
    private static final int SMALLEST = 0x4000;
    private static final int LARGEST = 0x40_0000;

    /// Whether there is one at the start, or the spare at one of its places.
    static boolean present(Bytes volume) throws IOException {
        if (Luks1.version(volume, 0, Luks1.MAGIC) == 2) {
            return true;
        }
        for (long offset = SMALLEST; offset <= LARGEST; offset *= 2) {
            if (Luks1.version(volume, offset, SECONDARY) == 2) {
                return true;
            }
        }
        return false;
    }

    /// The newer of those whose checksum is right.
    static Luks2Header newest(Bytes volume) throws IOException {
        var whole = new ArrayList<Luks2Header>();
        var problems = new ArrayList<String>();
        if (Luks1.version(volume, 0, Luks1.MAGIC) == 2) {
            read(volume, 0, problems).ifPresent(whole::add);
        }
        for (long offset = SMALLEST; offset <= LARGEST; offset *= 2) {
            if (Luks1.version(volume, offset, SECONDARY) == 2) {
                read(volume, offset, problems).ifPresent(whole::add);
            }
        }
        return whole.stream()
                .max(Comparator.comparingLong(Luks2Header::sequence))
                .orElseThrow(() -> new CorruptException("LUKS2 has no whole header: " + String.join("; ", problems)));
    }

    private static Optional<Luks2Header> read(Bytes volume, long offset, List<String> problems) throws IOException {
        try {
            return Optional.of(read(volume, offset));
        } catch (CorruptException | LayerException e) {
            problems.add(e.getMessage());
            return Optional.empty();
        }
    }

    private static Luks2Header read(Bytes volume, long offset) throws IOException {
        Cursor cursor = Cursor.bigEndian(volume.at(offset, BINARY, "LUKS2 header"));
        cursor.skip(8, "magic");
        long size = cursor.i64("LUKS2 header size");
        long sequence = cursor.i64("LUKS2 sequence");
        cursor.skip(48, "LUKS2 label");
        String algorithm = cursor.text(32, "LUKS2 checksum algorithm");
        long stated = cursor.at(256).i64("LUKS2 header offset");
        if (size < SMALLEST || size > LARGEST || stated != offset) {
            throw new CorruptException(
                    "LUKS2 header at offset %d states size %d and offset %d".formatted(offset, size, stated));
        }
        byte[] all = volume.at(offset, size, "LUKS2 header").toArray(ValueLayout.JAVA_BYTE);
        MessageDigest hash = Hashes.of("LUKS2", algorithm);
        hash.update(all, 0, CHECKSUM);
        hash.update(new byte[CHECKSUM_LENGTH]);
        hash.update(all, CHECKSUM + CHECKSUM_LENGTH, all.length - CHECKSUM - CHECKSUM_LENGTH);
        byte[] digest = hash.digest();
        if (MemorySegment.mismatch(
                        MemorySegment.ofArray(digest),
                        0,
                        digest.length,
                        MemorySegment.ofArray(all),
                        CHECKSUM,
                        CHECKSUM + digest.length)
                >= 0) {
            throw new CorruptException("LUKS2 header at offset %d does not match its checksum".formatted(offset));
        }
        byte[] json = Arrays.copyOfRange(all, BINARY, all.length);
        return new Luks2Header(offset, sequence, Json.of(json, "LUKS2 JSON at offset " + (offset + BINARY)));
    }
}
