package io.varve.disk.volume;

import io.varve.binary.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32;

/// A disk in memory with partition tables written by the book: our readers' independent counterpart.
final class Disk {
    static final String LINUX = "0fc63daf-8483-4772-8e79-3d69d8477de4";
    static final String EFI = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";

    final byte[] bytes;

    Disk(int size) {
        bytes = new byte[size];
    }

    Bytes read() {
        return Bytes.of(bytes);
    }

    Path write(Path file) throws Exception {
        return Files.write(file, bytes);
    }

    ByteBuffer little(int offset) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(offset);
    }

    ByteBuffer big(int offset) {
        return ByteBuffer.wrap(bytes).position(offset);
    }

    /// Recognisable content, so that a volume's bytes tell where they came from.
    Disk fill(int offset, int length) {
        var random = new Random(offset);
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, offset, length);
        return this;
    }

    /// An entry in the boot record at byte `record`.
    Disk mbr(int record, int slot, int type, int first, int count) {
        little(record + 446 + slot * 16)
                .put((byte) 0)
                .put(new byte[] {0, 2, 0})
                .put((byte) type)
                .put(new byte[] {0, 2, 0})
                .putInt(first)
                .putInt(count);
        bytes[record + 510] = 0x55;
        bytes[record + 511] = (byte) 0xaa;
        return this;
    }

    record Part(String type, String name, long first, long last) {}

    /// Both copies of a GPT, and the protective MBR.
    Disk gpt(int sector, Part... parts) {
        long sectors = bytes.length / sector;
        int array = 128 * 128;
        int arraySectors = (array + sector - 1) / sector;
        mbr(0, 0, 0xee, 1, (int) sectors - 1);
        for (long table : new long[] {2, sectors - 1 - arraySectors}) {
            for (int i = 0; i < parts.length; i++) {
                ByteBuffer entry = little((int) (table * sector) + i * 128);
                guid(entry, parts[i].type);
                guid(entry, new UUID(i, 7).toString());
                entry.putLong(parts[i].first).putLong(parts[i].last).putLong(0);
                entry.put(parts[i].name.getBytes(StandardCharsets.UTF_16LE));
            }
            long own = table == 2 ? 1 : sectors - 1;
            ByteBuffer header = little((int) (own * sector));
            header.put("EFI PART".getBytes(StandardCharsets.US_ASCII));
            header.putInt(0x10000).putInt(92).putInt(0).putInt(0);
            header.putLong(own).putLong(own == 1 ? sectors - 1 : 1);
            header.putLong(2 + arraySectors).putLong(sectors - 2 - arraySectors);
            guid(header, "11111111-2222-3333-4444-555555555555");
            header.putLong(table).putInt(128).putInt(128).putInt(crc((int) (table * sector), array));
            little((int) (own * sector) + 16).putInt(crc((int) (own * sector), 92));
        }
        return this;
    }

    private int crc(int offset, int length) {
        var crc = new CRC32();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private static void guid(ByteBuffer out, String text) {
        UUID guid = UUID.fromString(text);
        long high = guid.getMostSignificantBits();
        out.putInt((int) (high >> 32)).putShort((short) (high >> 16)).putShort((short) high);
        out.order(ByteOrder.BIG_ENDIAN).putLong(guid.getLeastSignificantBits()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// A BSD disklabel in the second sector of a partition; each part is first sector, sectors, type.
    Disk bsd(int slice, int[]... parts) {
        ByteBuffer label = little(slice + 512);
        label.putInt(0, 0);
        int start = slice + 512;
        little(start).putInt(0x82564557).putShort((short) 4);
        little(start + 40).putInt(512);
        little(start + 132).putInt(0x82564557);
        little(start + 138).putShort((short) parts.length);
        for (int i = 0; i < parts.length; i++) {
            little(start + 148 + i * 16)
                    .putInt(parts[i][1])
                    .putInt(parts[i][0])
                    .putInt(0)
                    .put((byte) parts[i][2]);
        }
        int sum = 0;
        for (int i = 0; i < 148 + parts.length * 16; i += 2) {
            sum ^= little(start + i).getShort() & 0xffff;
        }
        little(start + 136).putShort((short) sum);
        return this;
    }

    /// An Apple partition map; the map itself is its first entry.
    Disk apple(int block, Part... parts) {
        big(0).putShort((short) 0x4552).putShort((short) block).putInt(bytes.length / block);
        for (int i = 0; i <= parts.length; i++) {
            Part part = i == 0 ? new Part("Apple_partition_map", "Apple", 1, 63) : parts[i - 1];
            ByteBuffer entry = big((i + 1) * block);
            entry.putShort((short) 0x504d).putShort((short) 0).putInt(parts.length + 1);
            entry.putInt((int) part.first).putInt((int) (part.last - part.first + 1));
            int name = entry.position();
            entry.put(part.name.getBytes(StandardCharsets.US_ASCII));
            entry.position(name + 32).put(part.type.getBytes(StandardCharsets.US_ASCII));
            entry.position(name + 64)
                    .putInt(0)
                    .putInt((int) (part.last - part.first + 1))
                    .putInt(part.type.equals("Apple_Free") ? 0 : 0x33);
        }
        return this;
    }
}
