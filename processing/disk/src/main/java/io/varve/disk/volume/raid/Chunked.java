package io.varve.disk.volume.raid;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import java.io.IOException;

/// Bytes that lie on several members chunk by chunk.
interface Chunked extends Bytes {
    /// Smallest and largest chunk, in bytes.
    int SMALLEST = 512;

    int LARGEST = 1 << 30;

    int chunk();

    /// Reads inside one chunk.
    void readChunk(long chunk, int inside, byte[] target, int start, int length) throws IOException;

    /// How many bytes from `inside` on are known to be zero, at most to the end of the chunk.
    long chunkZeros(long chunk, int inside) throws IOException;

    @Override
    default void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        int done = 0;
        while (done < length) {
            long place = offset + done;
            int inside = (int) (place % chunk());
            int part = Math.min(length - done, chunk() - inside);
            readChunk(place / chunk(), inside, target, start + done, part);
            done += part;
        }
    }

    @Override
    default long zeros(long offset) throws IOException {
        if (offset < 0 || offset >= size()) {
            return 0;
        }
        int inside = (int) (offset % chunk());
        long known = Math.min(chunkZeros(offset / chunk(), inside), chunk() - inside);
        return Math.min(known, size() - offset);
    }

    /// A chunk size from evidence.
    static int checked(long chunk) {
        if (chunk < SMALLEST || chunk > LARGEST || chunk % SMALLEST != 0) {
            throw new CorruptException(
                    "chunk size is %d bytes, allowed are multiples of %d up to %d".formatted(chunk, SMALLEST, LARGEST));
        }
        return (int) chunk;
    }
}
