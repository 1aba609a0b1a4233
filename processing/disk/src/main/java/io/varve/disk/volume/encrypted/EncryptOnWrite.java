package io.varve.disk.volume.encrypted;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// BitLocker since Windows 10 encrypts a block when it is first written: bitmaps tell which chunks are encrypted, the
/// others are as they were before. Format as fox-it's [dissect.fve](https://github.com/fox-it/dissect.fve) names it.
final class EncryptOnWrite implements Bytes {
    /// Most bytes of bitmaps kept.
    private static final long BITMAPS = 64L << 20;

    private static final int HEADER = 56;
    private static final int BITMAP_HEADER = 60;
    private static final int RECORD_HEADER = 36;

    /// @param bits one for each chunk of the region, set where it is encrypted
    private record Region(long start, long end, long bitCount, byte[] bits) {}

    /// A run that belongs to BitLocker, not to the volume.
    record Own(long start, long length) {}

    private final Bytes clear;
    private final Bytes sealed;
    private final long chunk;
    private final List<Region> regions = new ArrayList<>();
    private final List<Own> own = new ArrayList<>();

    /// @param clear the volume as it lies there
    /// @param sealed the same, decrypted
    EncryptOnWrite(Bytes clear, Bytes sealed, List<Long> places) throws IOException {
        this.clear = clear;
        this.sealed = sealed;
        var problems = new ArrayList<String>();
        long chunkSize = 0;
        for (long place : places) {
            try {
                chunkSize = read(place);
                break;
            } catch (CorruptException e) {
                problems.add(e.getMessage());
            }
        }
        if (chunkSize == 0) {
            throw new CorruptException("BitLocker encrypt-on-write: " + String.join("; ", problems));
        }
        chunk = chunkSize;
        for (long place : places) {
            own.add(new Own(place, HEADER));
        }
    }

    List<Own> own() {
        return own;
    }

    private long read(long place) throws IOException {
        regions.clear();
        own.clear();
        Cursor cursor = header(place, HEADER, "FVE-EOW\0");
        int headerSize = cursor.u16("header size");
        int size = cursor.u16("size");
        cursor.skip(8, "sector size");
        long chunkSize = cursor.u32("chunk size");
        long logSize = cursor.u32("conversion log size");
        if (headerSize < HEADER || size < headerSize || chunkSize < 512 || Long.bitCount(chunkSize) != 1) {
            throw new CorruptException("encrypt-on-write at offset %d states sizes %d and %d, chunks of %d"
                    .formatted(place, headerSize, size, chunkSize));
        }
        own.add(new Own(place, size));
        long left = BITMAPS;
        Cursor offsets =
                Cursor.littleEndian(copy(place, size, "encrypt-on-write")).at(headerSize);
        while (offsets.remaining() >= 8) {
            Region region = bitmap(offsets.i64("bitmap offset"), logSize, left);
            left -= region.bits.length;
            regions.add(region);
        }
        return chunkSize;
    }

    private Region bitmap(long place, long logSize, long left) throws IOException {
        Cursor cursor = header(place, BITMAP_HEADER, "FVE-EOWBM\0");
        cursor.skip(2, "header size");
        long size = cursor.u32("bitmap size");
        cursor.skip(4, "unknown");
        long start = cursor.i64("region offset");
        long length = cursor.i64("region size");
        long log = cursor.i64("conversion log offset");
        if (start < 0 || length < 0 || length > Long.MAX_VALUE - start) {
            throw new CorruptException(
                    "encrypt-on-write bitmap at offset %d covers %d bytes at %d".formatted(place, length, start));
        }
        clear.check(place, size, "encrypt-on-write bitmap");
        own.add(new Own(place, size));
        own.add(new Own(log, logSize));
        Region newest = null;
        long sequence = -1;
        for (int i = 0; i < 2; i++) {
            long record = place + cursor.u32("record offset");
            Cursor fields = header(record, RECORD_HEADER, "FVE-EOWBR\0");
            int headerSize = fields.u16("header size");
            long recordSize = fields.u32("record size");
            long bitCount = fields.u32("bitmap bits");
            long thisSequence = fields.i64("sequence");
            long bytes = recordSize - headerSize;
            if (bytes < (bitCount + 7) / 8 || bytes > left) {
                throw new CorruptException("encrypt-on-write record at offset %d has %d bytes for %d bits"
                        .formatted(record, bytes, bitCount));
            }
            if (newest == null || thisSequence > sequence) {
                sequence = thisSequence;
                MemorySegment bits = clear.at(record + headerSize, (bitCount + 7) / 8, "encrypt-on-write bits");
                newest = new Region(start, start + length, bitCount, bits.toArray(ValueLayout.JAVA_BYTE));
            }
        }
        return Objects.requireNonNull(newest);
    }

    /// A copy, since other places are read before it is done with.
    private MemorySegment copy(long place, long length, String field) throws IOException {
        return MemorySegment.ofArray(clear.at(place, length, field).toArray(ValueLayout.JAVA_BYTE));
    }

    private Cursor header(long place, int length, String signature) throws IOException {
        MemorySegment segment = copy(place, length, "encrypt-on-write structure");
        byte[] wanted = signature.getBytes(StandardCharsets.US_ASCII);
        byte[] found = segment.asSlice(0, wanted.length).toArray(ValueLayout.JAVA_BYTE);
        if (!Arrays.equals(found, wanted)) {
            throw new CorruptException(
                    "encrypt-on-write at offset %d has no signature %s".formatted(place, signature.strip()));
        }
        return Cursor.littleEndian(segment).at(wanted.length);
    }

    @Override
    public long size() {
        return sealed.size();
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        for (int done = 0; done < length; ) {
            long at = offset + done;
            boolean encrypted = encrypted(at);
            long end = at;
            do {
                end = (end / chunk + 1) * chunk;
            } while (end < offset + length && encrypted(end) == encrypted);
            int count = (int) (Math.min(end, offset + length) - at);
            (encrypted ? sealed : clear).read(at, target, start + done, count);
            done += count;
        }
    }

    /// Chunks that no bitmap covers are encrypted.
    private boolean encrypted(long offset) {
        for (Region region : regions) {
            if (offset >= region.start && offset < region.end) {
                long bit = (offset - region.start) / chunk;
                return bit >= region.bitCount || (region.bits[(int) (bit / 8)] >> (int) (bit % 8) & 1) != 0;
            }
        }
        return true;
    }
}
