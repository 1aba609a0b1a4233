package io.varve.disk.filesystem.ntfs;

import io.varve.binary.Bytes;
import io.varve.disk.LittleEndian;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// The first sector of the volume, kept a second time in its last.
///
/// @param clusters how many the volume has
/// @param table first cluster of `$MFT`
/// @param mirror first cluster of `$MFTMirr`
/// @param recordSize bytes of a record of `$MFT`
record BootSector(int clusterSize, long clusters, long table, long mirror, int recordSize) {
    static final int SIZE = 512;

    private static final byte[] SYSTEM = "NTFS    ".getBytes(StandardCharsets.US_ASCII);
    private static final int LARGEST_CLUSTER = 2 << 20;
    private static final int LARGEST_RECORD = 64 << 10;

    /// Empty when the sector is none, or not one that can be used.
    static Optional<BootSector> read(Bytes volume, long offset) throws IOException {
        if (offset < 0 || offset > volume.size() - SIZE) {
            return Optional.empty();
        }
        byte[] sector = new byte[SIZE];
        volume.read(offset, sector, 0, SIZE);
        if (!Arrays.equals(sector, 3, 11, SYSTEM, 0, 8)) {
            return Optional.empty();
        }
        int sectorSize = LittleEndian.u16(sector, 11);
        int perCluster = LittleEndian.u8(sector, 13);
        long clusterSize = perCluster > 0x80
                ? (long) sectorSize << Math.min(256 - perCluster, 31)
                : (long) sectorSize * perCluster;
        if (!isPower(sectorSize, 256, 4096) || !isPower(clusterSize, 256, LARGEST_CLUSTER)) {
            return Optional.empty();
        }
        long sectors = LittleEndian.i64(sector, 40);
        if (sectors <= 0 || sectors > Long.MAX_VALUE / sectorSize) {
            return Optional.empty();
        }
        long clusters = sectors * sectorSize / clusterSize;
        long table = LittleEndian.i64(sector, 48);
        long mirror = LittleEndian.i64(sector, 56);
        int size = sector[64];
        long recordSize = size >= 0 ? size * clusterSize : 1L << Math.min(-size, 31);
        if (table < 0
                || table >= clusters
                || mirror < 0
                || mirror >= clusters
                || !isPower(recordSize, 512, LARGEST_RECORD)) {
            return Optional.empty();
        }
        return Optional.of(new BootSector((int) clusterSize, clusters, table, mirror, (int) recordSize));
    }

    /// The copy in the last sector of the volume; disks with sectors of 4096 bytes have it at the start of that one.
    static Optional<BootSector> backup(Bytes volume) throws IOException {
        for (long size : new long[] {SIZE, 4096, 1024, 2048}) {
            Optional<BootSector> found = read(volume, volume.size() / SIZE * SIZE - size);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static boolean isPower(long value, int least, int most) {
        return value >= least && value <= most && Long.bitCount(value) == 1;
    }
}
