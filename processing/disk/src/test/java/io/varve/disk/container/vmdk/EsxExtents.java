package io.varve.disk.container.vmdk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Builds the sparse extents that only ESX writes, from what is known of them; no real sample was at hand.
final class EsxExtents {
    private static final int SECTOR = 512;

    private EsxExtents() {}

    /// One table is enough for what tests use: grains of 16 KiB, 4,096 of them.
    static byte[] cowd(byte[] content) {
        int grain = 32 * SECTOR;
        int firstGrain = 4 + 1 + 32;
        ByteBuffer out = ByteBuffer.allocate(firstGrain * SECTOR + content.length + grain)
                .order(ByteOrder.LITTLE_ENDIAN);
        out.put("COWD".getBytes(StandardCharsets.US_ASCII));
        out.putInt(1)
                .putInt(3)
                .putInt(content.length / SECTOR)
                .putInt(grain / SECTOR)
                .putInt(4)
                .putInt(1);
        out.putInt(4 * SECTOR, 5);
        int next = firstGrain * SECTOR;
        for (int i = 0; i * grain < content.length; i++) {
            byte[] part = Arrays.copyOfRange(content, i * grain, (i + 1) * grain);
            if (Arrays.mismatch(part, new byte[grain]) < 0) {
                continue;
            }
            out.putInt(5 * SECTOR + i * 4, next / SECTOR);
            out.put(next, part);
            next += grain;
        }
        return Arrays.copyOf(out.array(), next);
    }

    /// Grains of 4 KiB, tables of 4,096; grains of zero in turn not stored, unmapped and zero.
    static byte[] seSparse(byte[] content) {
        int grain = 8 * SECTOR;
        int coverage = 4096 * grain;
        int tables = (content.length + coverage - 1) / coverage;
        int directory = 8;
        int tableArea = 16;
        int grainArea = tableArea + tables * 64;
        ByteBuffer out =
                ByteBuffer.allocate(grainArea * SECTOR + content.length + grain).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(0xcafebabeL)
                .putLong(0x2_0000_0001L)
                .putLong(content.length / SECTOR)
                .putLong(8)
                .putLong(64);
        out.position(out.position() + 40);
        out.putLong(1).putLong(1).putLong(2).putLong(2).putLong(4).putLong(4);
        out.putLong(directory).putLong(8).putLong(tableArea).putLong(tables * 64L);
        out.putLong(4).putLong(1).putLong(5).putLong(1);
        out.putLong(grainArea).putLong(content.length / SECTOR);
        out.putLong(SECTOR, 0xcafecafeL);
        for (int i = 0; i < tables; i++) {
            out.putLong(directory * SECTOR + i * 8, 0x1000_0000_0000_0000L | tables - 1 - i);
        }
        long next = 0;
        for (int i = 0; i * grain < content.length; i++) {
            byte[] part = Arrays.copyOfRange(content, i * grain, (i + 1) * grain);
            int table = tables - 1 - i / 4096;
            int entry = (tableArea + table * 64) * SECTOR + i % 4096 * 8;
            if (Arrays.mismatch(part, new byte[grain]) < 0) {
                out.putLong(entry, (long) (i % 3) << 60);
                continue;
            }
            out.putLong(entry, 3L << 60 | (next & 0xfff) << 48 | next >>> 12);
            out.put((int) (grainArea * SECTOR + next * grain), part);
            next++;
        }
        return Arrays.copyOf(out.array(), (int) (grainArea * SECTOR + next * grain));
    }
}
