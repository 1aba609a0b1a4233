package io.varve.disk.container.ewf;

import io.varve.binary.CorruptException;
import io.varve.binary.Limits;

/// How large the disk and its chunks are.
record Geometry(long size, int chunkSize) {
    /// EnCase makes chunks of 32 KiB to 16 MiB.
    private static final int LARGEST_CHUNK = 32 << 20;

    private static final int SMALLEST_CHUNK = 512;

    static Geometry of(long sectors, long bytesPerSector, long sectorsPerChunk) {
        Limits.check(bytesPerSector, 1 << 16, "bytes per sector");
        Limits.check(sectorsPerChunk, 1 << 16, "sectors per chunk");
        int chunk = Limits.check(bytesPerSector * sectorsPerChunk, LARGEST_CHUNK, "chunk size");
        if (chunk < SMALLEST_CHUNK) {
            throw new CorruptException("EWF volume: chunks of %d bytes".formatted(chunk));
        }
        if (sectors < 0 || sectors > Long.MAX_VALUE / 2 / bytesPerSector) {
            throw new CorruptException("EWF volume: %d sectors of %d bytes".formatted(sectors, bytesPerSector));
        }
        return new Geometry(sectors * bytesPerSector, chunk);
    }

    long chunks() {
        return size / chunkSize + (size % chunkSize == 0 ? 0 : 1);
    }

    /// Bytes of the disk in a chunk; the last one may be shorter.
    int length(long chunk) {
        return (int) Math.min(chunkSize, size - chunk * chunkSize);
    }

    /// More than any encoder makes of a chunk.
    long mostStored() {
        return chunkSize + (chunkSize >> 6) + 1024L;
    }
}
