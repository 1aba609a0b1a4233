package io.varve.disk.container.ewf;

import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.container.ewf.Place.Coding;
import io.varve.disk.container.ewf.Place.Stored;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Chunks whose table is lost, usually because the file was cut: they lie one after another, each with a checksum, so
/// they are found by reading them, as far as a read needs.
final class ScannedRun implements ChunkRun {
    private final Segment segment;
    private final int chunkSize;
    private final long end;
    private final long mostStored;
    private final String reason;
    private long[] offsets = new long[64];
    private int found;
    private long position;
    private boolean ended;

    /// @param start of the chunks in the segment
    /// @param end where they end at the latest
    /// @param reason why the table is lost
    ScannedRun(Segment segment, Geometry geometry, long start, long end, String reason) {
        this.segment = segment;
        this.chunkSize = geometry.chunkSize();
        this.position = start;
        this.end = end;
        this.reason = reason;
        this.mostStored = geometry.mostStored();
    }

    @Override
    public synchronized Place place(long index) throws IOException {
        scan(index);
        if (found <= index) {
            throw new CorruptException("it is lost: %s, whole chunks end at offset %d".formatted(reason, position));
        }
        int at = (int) index;
        long offset = offsets[at] & ~Long.MIN_VALUE;
        long next = at + 1 < found ? offsets[at + 1] & ~Long.MIN_VALUE : position;
        return new Stored(segment, offset, next - offset, offsets[at] < 0 ? Coding.ZLIB : Coding.PLAIN);
    }

    /// How many there are; reads them all.
    synchronized int count() throws IOException {
        scan(Long.MAX_VALUE);
        return found;
    }

    private void scan(long index) throws IOException {
        if (found > index || ended) {
            return;
        }
        byte[] stored = new byte[(int) Math.min(mostStored, Math.max(0, end - position))];
        // one more, so that the end of a full chunk is seen
        byte[] content = new byte[chunkSize + 1];
        var inflater = new Inflater();
        try {
            while (found <= index && !ended) {
                step(inflater, stored, content);
            }
        } finally {
            inflater.end();
        }
    }

    private void step(Inflater inflater, byte[] stored, byte[] content) throws IOException {
        int length = (int) Math.min(stored.length, end - position);
        if (length <= 4) {
            ended = true;
            return;
        }
        segment.bytes().read(position, stored, 0, length);
        int compressed = inflated(inflater, stored, length, content);
        if (compressed > 0) {
            add(position | Long.MIN_VALUE, compressed);
        } else if (isPlain(stored, length, chunkSize)) {
            add(position, chunkSize + 4);
        } else if (position + length == end && length < chunkSize + 4 && isPlain(stored, length, length - 4)) {
            // the short last chunk of the disk
            add(position, length);
        } else {
            ended = true;
        }
    }

    private static boolean isPlain(byte[] stored, int length, int size) {
        return length >= size + 4
                && Cursor.littleEndian(MemorySegment.ofArray(stored)).at(size).u32("checksum")
                        == Segment.adler(stored, 0, size);
    }

    private void add(long offset, int length) {
        if (found == offsets.length) {
            offsets = Arrays.copyOf(offsets, found * 2);
        }
        offsets[found++] = offset;
        position += length;
    }

    /// Bytes of the compressed chunk at the start of `stored`, 0 when there is none.
    private int inflated(Inflater inflater, byte[] stored, int length, byte[] content) {
        try {
            inflater.reset();
            inflater.setInput(stored, 0, length);
            int count = 0;
            while (!inflater.finished()) {
                int more = inflater.inflate(content, count, content.length - count);
                count += more;
                if (more == 0 && !inflater.finished()) {
                    return 0;
                }
            }
            return count > chunkSize ? 0 : Math.toIntExact(inflater.getBytesRead());
        } catch (DataFormatException e) {
            return 0;
        }
    }
}
