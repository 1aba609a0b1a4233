package io.varve.disk.container.vhdx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/// Builds what no tool here writes, from \[MS-VHDX\]: logs that were not written back, and differencing disks.
final class VhdxFiles {
    static final int MEBIBYTE = 1 << 20;
    static final int SECTOR = 4096;

    private VhdxFiles() {}

    static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Sets the CRC-32C at byte 4 of a structure.
    static void sign(ByteBuffer image, int start, int length) {
        image.putInt(start + 4, 0);
        CRC32C crc = new CRC32C();
        crc.update(image.array(), start, length);
        image.putInt(start + 4, (int) crc.getValue());
    }

    static void putGuid(ByteBuffer image, int at, UUID id) {
        image.putInt(at, (int) (id.getMostSignificantBits() >>> 32));
        image.putShort(at + 4, (short) (id.getMostSignificantBits() >>> 16));
        image.putShort(at + 6, (short) id.getMostSignificantBits());
        image.putLong(at + 8, Long.reverseBytes(id.getLeastSignificantBits()));
    }

    /// A change in the log: 4 KiB of data at an offset, or zeros there.
    record Change(long offset, byte[] data, long zeros) {
        static Change data(long offset, byte[] data) {
            return new Change(offset, data, 0);
        }

        static Change zeros(long offset, long length) {
            return new Change(offset, new byte[0], length);
        }
    }

    /// One log entry.
    static byte[] entry(UUID log, long sequence, int tail, long fileSize, List<Change> changes) {
        int first = (64 + changes.size() * 32 + SECTOR - 1) / SECTOR * SECTOR;
        int sectors =
                (int) changes.stream().filter(change -> change.data.length > 0).count();
        ByteBuffer out = little(new byte[first + sectors * SECTOR]);
        out.put(0, "loge".getBytes(StandardCharsets.US_ASCII));
        out.putInt(8, out.capacity()).putInt(12, tail).putLong(16, sequence).putInt(24, changes.size());
        putGuid(out, 32, log);
        out.putLong(48, fileSize).putLong(56, fileSize);
        int data = first;
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            int at = 64 + i * 32;
            boolean zero = change.data.length == 0;
            out.put(at, (zero ? "zero" : "desc").getBytes(StandardCharsets.US_ASCII));
            out.putLong(at + 16, change.offset).putLong(at + 24, sequence);
            if (zero) {
                out.putLong(at + 8, change.zeros);
                continue;
            }
            out.put(at + 4, change.data, SECTOR - 4, 4).put(at + 8, change.data, 0, 8);
            out.put(data, change.data);
            out.put(data, "data".getBytes(StandardCharsets.US_ASCII)).putInt(data + 4, (int) (sequence >>> 32));
            out.putInt(data + SECTOR - 4, (int) sequence);
            data += SECTOR;
        }
        sign(out, 0, out.capacity());
        return out.array();
    }

    /// Makes an image dirty: gives it a log id, and puts bytes into its log at a place, going on at the start.
    static void setLog(byte[] file, UUID log) {
        ByteBuffer image = little(file);
        int current = image.getLong(0x10008) >= image.getLong(0x20008) ? 0x10000 : 0x20000;
        putGuid(image, current + 48, log);
        sign(image, current, SECTOR);
    }

    static int logOffset(byte[] file) {
        return (int) little(file).getLong(0x10000 + 72);
    }

    static int logLength(byte[] file) {
        return little(file).getInt(0x10000 + 68);
    }

    static void putLog(byte[] file, int place, byte[] entry) {
        for (int i = 0; i < entry.length; i++) {
            file[logOffset(file) + (place + i) % logLength(file)] = entry[i];
        }
    }

    /// A differencing disk with blocks of 1 MiB.
    ///
    /// @param states state by block; blocks of states 6 and 7 take their content from `content`
    /// @param here which sectors of the disk are here, for blocks of state 7
    static byte[] differencing(
            byte[] content, int sector, Map<Integer, Integer> states, BitSet here, Map<String, String> locator) {
        int blocks = (content.length + MEBIBYTE - 1) / MEBIBYTE;
        int chunk = (int) ((1L << 23) * sector / MEBIBYTE);
        int firstBlock = 4;
        int bitmap = firstBlock + blocks;
        ByteBuffer out = little(new byte[(bitmap + 1) * MEBIBYTE]);
        out.put(0, "vhdxfile".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 2; i++) {
            int at = 0x10000 * (i + 1);
            out.put(at, "head".getBytes(StandardCharsets.US_ASCII)).putLong(at + 8, i);
            putGuid(out, at + 16, UUID.randomUUID());
            putGuid(out, at + 32, new UUID(0xc0ffee, 77));
            out.putShort(at + 66, (short) 1).putInt(at + 68, MEBIBYTE).putLong(at + 72, MEBIBYTE);
            sign(out, at, SECTOR);
            int regions = 0x30000 + 0x10000 * i;
            out.put(regions, "regi".getBytes(StandardCharsets.US_ASCII)).putInt(regions + 8, 2);
            putRegion(out, regions + 16, "2dc27766-f623-4200-9d64-115e9bfd4a08", 3 * MEBIBYTE);
            putRegion(out, regions + 48, "8b7ca206-4790-4b9a-b8fe-575f050f886e", 2 * MEBIBYTE);
            sign(out, regions, 0x10000);
        }
        putMetadata(out, content.length, sector, locator);
        for (int block = 0; block < blocks; block++) {
            int state = states.getOrDefault(block, 0);
            int place = firstBlock + blocks - 1 - block;
            int entry = 3 * MEBIBYTE + (block + block / chunk) * 8;
            out.putLong(entry, state >= 6 ? (long) place << 20 | state : state);
            if (state >= 6) {
                out.put(place * MEBIBYTE, Arrays.copyOfRange(content, block * MEBIBYTE, (block + 1) * MEBIBYTE));
            }
        }
        out.putLong(3 * MEBIBYTE + chunk * 8, (long) bitmap << 20 | 6);
        byte[] bits = here.toByteArray();
        out.put(bitmap * MEBIBYTE, bits);
        return out.array();
    }

    private static void putRegion(ByteBuffer out, int at, String id, long offset) {
        putGuid(out, at, UUID.fromString(id));
        out.putLong(at + 16, offset).putInt(at + 24, MEBIBYTE).putInt(at + 28, 1);
    }

    private static void putMetadata(ByteBuffer out, long size, int sector, Map<String, String> locator) {
        int start = 2 * MEBIBYTE;
        out.put(start, "metadata".getBytes(StandardCharsets.US_ASCII)).putShort(start + 10, (short) 4);
        int items = start + 0x10000;
        putItem(out, 0, "caa16737-fa36-4d43-b3b6-33f0aa44e76b", 0, 8);
        out.putInt(items, MEBIBYTE).putInt(items + 4, 2);
        putItem(out, 1, "2fa54224-cd1b-4876-b211-5dbed83bf4b8", 16, 8);
        out.putLong(items + 16, size);
        putItem(out, 2, "8141bf1d-a96f-4709-ba47-f233a8faab5f", 32, 4);
        out.putInt(items + 32, sector);
        int at = items + 64;
        putGuid(out, at, UUID.fromString("b04aefb7-d19e-4a81-b789-25b8e9445913"));
        out.putShort(at + 18, (short) locator.size());
        int text = 20 + locator.size() * 12;
        int entry = at + 20;
        for (Map.Entry<String, String> pair : locator.entrySet()) {
            byte[] key = pair.getKey().getBytes(StandardCharsets.UTF_16LE);
            byte[] value = pair.getValue().getBytes(StandardCharsets.UTF_16LE);
            out.putInt(entry, text).putInt(entry + 4, text + key.length);
            out.putShort(entry + 8, (short) key.length).putShort(entry + 10, (short) value.length);
            out.put(at + text, key).put(at + text + key.length, value);
            text += key.length + value.length;
            entry += 12;
        }
        putItem(out, 3, "a8d35f2d-b30b-454d-abf7-d3d84834ab0c", 64, text);
    }

    private static void putItem(ByteBuffer out, int index, String id, int offset, int length) {
        int at = 2 * MEBIBYTE + 32 + index * 32;
        putGuid(out, at, UUID.fromString(id));
        out.putInt(at + 16, 0x10000 + offset).putInt(at + 20, length).putInt(at + 24, 4);
    }
}
