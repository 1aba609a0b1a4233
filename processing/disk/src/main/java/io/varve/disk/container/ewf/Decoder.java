package io.varve.disk.container.ewf;

import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.container.ewf.Place.Stored;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Turns stored chunks into the bytes of the disk, checked against their checksums. For one thread at a time.
final class Decoder implements AutoCloseable {
    private final Inflater inflater = new Inflater();
    private final byte[] stored;
    private final byte[] extra = new byte[1];
    private final int chunkSize;

    Decoder(Geometry geometry) {
        chunkSize = geometry.chunkSize();
        stored = new byte[(int) geometry.mostStored()];
    }

    /// @param length bytes of the disk in the chunk
    void decode(Stored place, byte[] target, int start, int length) throws IOException {
        int most = (int) Math.min(place.length(), stored.length);
        place.segment().bytes().read(place.offset(), stored, 0, most);
        switch (place.coding()) {
            case PLAIN -> plain(most, target, start, length);
            case ZLIB -> inflate(most, target, start, length);
        }
    }

    private void plain(int most, byte[] target, int start, int length) {
        // the last chunk of a disk may be stored at full length
        int there = most - 4 > length && most - 4 <= chunkSize ? most - 4 : length;
        if (most < there + 4) {
            throw new CorruptException("%d bytes are there of %d".formatted(most, there + 4));
        }
        long checksum =
                Cursor.littleEndian(MemorySegment.ofArray(stored)).at(there).u32("checksum");
        if (checksum != Segment.adler(stored, 0, there)) {
            throw new CorruptException("its checksum is wrong");
        }
        System.arraycopy(stored, 0, target, start, length);
    }

    private void inflate(int most, byte[] target, int start, int length) {
        inflater.reset();
        inflater.setInput(stored, 0, most);
        int count = 0;
        int surplus = 0;
        try {
            while (!inflater.finished()) {
                int more = count < length
                        ? inflater.inflate(target, start + count, length - count)
                        : inflater.inflate(extra, 0, 1);
                if (more == 0 && !inflater.finished()) {
                    throw new CorruptException("its compressed bytes are cut after %d".formatted(most));
                }
                surplus += count < length ? 0 : more;
                count += count < length ? more : 0;
                if (length + surplus > chunkSize) {
                    throw new CorruptException("it expands to more than a chunk");
                }
            }
        } catch (DataFormatException e) {
            throw new CorruptException("it does not expand: " + e.getMessage(), e);
        }
        if (count < length) {
            throw new CorruptException("it expands to %d bytes of %d".formatted(count, length));
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
