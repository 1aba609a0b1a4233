package io.varve.disk.container;

import io.varve.binary.CorruptException;

/// Bounds on the disk an image describes.
public final class Disks {
    /// Largest disk, in bytes: 8 PiB, a hundred times what hypervisors allow.
    public static final long LARGEST = 1L << 53;

    public static final int SECTOR = 512;

    private Disks() {}

    /// Checks the size of a disk, in bytes.
    public static long size(long bytes, String field) {
        if (bytes < 0 || bytes > LARGEST) {
            throw new CorruptException(
                    "%s is %s, allowed are 0 to %d".formatted(field, Long.toUnsignedString(bytes), LARGEST));
        }
        return bytes;
    }

    /// The bytes of a number of sectors.
    public static long sectors(long sectors, String field) {
        if (sectors < 0 || sectors > LARGEST / SECTOR) {
            throw new CorruptException("%s is %s sectors, allowed are 0 to %d"
                    .formatted(field, Long.toUnsignedString(sectors), LARGEST / SECTOR));
        }
        return sectors * SECTOR;
    }
}
