package io.varve.disk.container.qcow2;

import com.github.luben.zstd.ZstdInputStream;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.container.Blocks;
import io.varve.disk.container.Disks;
import io.varve.disk.container.Inflated;
import io.varve.disk.container.Layout;
import io.varve.disk.container.Pages;
import io.varve.disk.container.Run;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/// Where the clusters of a disk lie: two levels of tables, the second found through the first.
final class Clusters {
    private static final long OFFSET = 0x00ff_ffff_ffff_fe00L;
    private static final long COMPRESSED = 1L << 62;
    private static final long COPIED = 1L << 63;
    private static final int SUBCLUSTERS = 32;

    /// Largest zstd window, as a power of two: twice a cluster of 2 MiB.
    private static final int ZSTD_WINDOW = 22;

    private final Header header;
    private final Bytes file;
    private final Bytes data;
    private final Pages tables;
    private final Blocks blocks;
    private final int clusterBits;
    private final int clusterSize;

    /// @param data the file that holds the clusters, mostly `file` itself
    Clusters(Header header, Bytes file, Bytes data) {
        this.header = header;
        this.file = file;
        this.data = data;
        this.tables = Pages.bigEndian(file);
        this.clusterBits = header.clusterBits();
        this.clusterSize = 1 << clusterBits;
        this.blocks = new Blocks(clusterSize);
    }

    Layout layout(Header.Table l1) {
        return offset -> at(l1, offset);
    }

    private Run at(Header.Table l1, long offset) throws IOException {
        int tableBits = header.tableBits();
        long table = tables.i64(l1.offset() + (offset >>> tableBits) * Long.BYTES, "QCOW2 L1 entry") & OFFSET;
        long tableSpan = 1L << tableBits;
        if (table == 0) {
            return new Run.Below(tableSpan - (offset & tableSpan - 1));
        }
        checkAligned(table, "QCOW2 L2 table");
        int entrySize = header.isExtended() ? 16 : 8;
        long position = table + ((offset & tableSpan - 1) >>> clusterBits) * entrySize;
        long entry = tables.i64(position, "QCOW2 L2 entry");
        int within = (int) (offset & clusterSize - 1);
        int length = clusterSize - within;
        if ((entry & COMPRESSED) != 0) {
            long number = offset >>> clusterBits;
            return new Run.Packed(() -> blocks.get(entry, number, () -> expanded(entry)), within, length);
        }
        if (header.isExtended()) {
            return subcluster(entry, tables.i64(position + 8, "QCOW2 subcluster bitmap"), within);
        }
        if ((entry & 1) != 0 && header.version() >= 3) {
            return new Run.Zeros(length);
        }
        return isAllocated(entry) ? stored(entry, within, length) : new Run.Below(length);
    }

    private boolean isAllocated(long entry) {
        return (entry & OFFSET) != 0 || header.hasDataFile() && (entry & COPIED) != 0;
    }

    private Run stored(long entry, int within, int length) {
        long cluster = entry & OFFSET;
        checkAligned(cluster, "QCOW2 cluster");
        return new Run.Stored(data, cluster + within, length);
    }

    /// The run of subclusters from here on that are all stored, all zero or all left to the backing file.
    private Run subcluster(long entry, long bitmap, int within) {
        int size = clusterSize / SUBCLUSTERS;
        int first = within / size;
        long kind = kind(bitmap, first);
        int last = first + 1;
        while (last < SUBCLUSTERS && kind(bitmap, last) == kind) {
            last++;
        }
        int length = last * size - within;
        if (kind == 0) {
            return new Run.Below(length);
        }
        if (kind >= 1L << 32) {
            return new Run.Zeros(length);
        }
        if (!isAllocated(entry)) {
            throw new CorruptException(
                    "QCOW2 subcluster bitmap %016x says stored, its cluster is not".formatted(bitmap));
        }
        return stored(entry, within, length);
    }

    private static long kind(long bitmap, int subcluster) {
        return bitmap >>> subcluster & 0x1_0000_0001L;
    }

    private void checkAligned(long offset, String what) {
        if ((offset & clusterSize - 1) != 0) {
            throw new CorruptException("%s at offset %d is not at the start of a cluster".formatted(what, offset));
        }
    }

    private byte[] expanded(long entry) throws IOException {
        int offsetBits = 62 - (clusterBits - 8);
        long offset = entry & (1L << offsetBits) - 1;
        long sectors = (entry & COMPRESSED - 1) >>> offsetBits;
        String what = "QCOW2 compressed cluster at offset " + offset;
        file.check(offset, 1, what);
        long end = Math.min((offset / Disks.SECTOR + sectors + 1) * Disks.SECTOR, file.size());
        byte[] packed = new byte[(int) Math.min(end - offset, 2L * clusterSize)];
        file.read(offset, packed, 0, packed.length);
        byte[] cluster = new byte[clusterSize];
        int length = header.compression() == 0 ? Inflated.bare(packed, cluster, what) : zstd(packed, cluster, what);
        if (length < clusterSize) {
            throw new CorruptException("%s holds %d of %d bytes".formatted(what, length, clusterSize));
        }
        return cluster;
    }

    /// Of the packed bytes only the first frames count; what follows belongs to others.
    private static int zstd(byte[] packed, byte[] cluster, String what) {
        try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(packed))) {
            in.setLongMax(ZSTD_WINDOW);
            return in.readNBytes(cluster, 0, cluster.length);
        } catch (IOException e) {
            throw new CorruptException("%s does not expand: %s".formatted(what, e.getMessage()), e);
        }
    }
}
