package io.varve.disk.volume.shadow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// Writes small volumes with shadow copies for tests, as libvshadow's document describes them. Every sector of the
/// volume is filled with its number, so a test says in numbers what it expects.
final class ShadowImage {
    static final int BLOCK = 16 << 10;
    static final int BLOCKS = 128;
    static final int CATALOG = 64;

    private static final byte[] IDENTIFIER = HexFormat.of().parseHex("6b87083876c1484eb7ae04046e6cc752");

    private final byte[] image = new byte[BLOCKS * BLOCK];
    private final List<byte[]> entries = new ArrayList<>();
    private int free = CATALOG + 1;

    ShadowImage() {
        for (int sector = 0; sector < image.length / 512; sector++) {
            for (int at = 0; at < 512; at += 4) {
                little().putInt(sector * 512 + at, sector);
            }
        }
        byte[] boot = HexFormat.of().parseHex("eb52904e544653202020200002080000");
        System.arraycopy(boot, 0, image, 0, boot.length);
        little().putLong(40, image.length / 512 - 1).putShort(510, (short) 0xaa55);
        little().putLong(48, 4).putLong(56, 8).put(64, (byte) 0xf6).put(68, (byte) 1);
        System.arraycopy(image, 0, image, image.length - 512, 512);
        header(0x1e00, 1, 0);
        little().putLong(0x1e00 + 48, (long) CATALOG * BLOCK);
    }

    /// @param relative block that a forwarder leads to; anything else for others
    record Descriptor(long original, long relative, long store, int flags, int bitmap) {}

    static Descriptor copied(int original, int store) {
        return new Descriptor((long) original * BLOCK, 0x4000, (long) store * BLOCK, 0, 0);
    }

    static Descriptor forward(int original, int to) {
        return new Descriptor((long) original * BLOCK, (long) to * BLOCK, 0, 1, 0);
    }

    static Descriptor overlay(int original, int store, int bitmap) {
        return new Descriptor((long) original * BLOCK, 1, (long) store * BLOCK, 2, bitmap);
    }

    /// A copy made after those before; `undefined` are its blocks in no use.
    ShadowImage store(List<Integer> undefined, Descriptor... descriptors) {
        int number = entries.size() / 2 + 1;
        byte[] guid = new byte[16];
        Arrays.fill(guid, (byte) number);
        int header = block(4);
        Arrays.fill(image, header + 128 + 16, header + 128 + 32, (byte) (0x10 + number));
        int list = block(3);
        for (int i = 0; i < descriptors.length; i++) {
            Descriptor d = descriptors[i];
            little().position(list + 128 + i * 32)
                    .putLong(d.original)
                    .putLong(d.relative)
                    .putLong(d.store);
            little().putInt(list + 128 + i * 32 + 24, d.flags).putInt(list + 128 + i * 32 + 28, d.bitmap);
        }
        int ranges = block(5);
        int bitmap = block(6);
        for (int block : undefined) {
            image[bitmap + 128 + block / 8] |= (byte) (1 << block % 8);
        }
        ByteBuffer two = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
        two.putLong(2).putLong(image.length).put(guid).putLong(number).putLong(0x40);
        entries.add(two.putLong(130_000_000_000_000_000L + number * 10_000_000L).array());
        ByteBuffer three = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
        three.putLong(3)
                .putLong(list)
                .put(guid)
                .putLong(header)
                .putLong(ranges)
                .putLong(bitmap)
                .putLong(42);
        entries.add(three.putLong(0x10_0000).array());
        return this;
    }

    private int block(int kind) {
        int place = free++ * BLOCK;
        header(place, kind, 0);
        return place;
    }

    private void header(int place, int kind, long next) {
        int length = kind == 1 ? 512 : BLOCK;
        Arrays.fill(image, place, place + length, (byte) 0);
        little().position(place)
                .put(IDENTIFIER)
                .putInt(1)
                .putInt(kind)
                .putLong(0)
                .putLong(place)
                .putLong(next);
    }

    byte[] build() {
        header(CATALOG * BLOCK, 2, 0);
        for (int i = 0; i < entries.size(); i++) {
            System.arraycopy(entries.get(i), 0, image, CATALOG * BLOCK + 128 + i * 128, 128);
        }
        return image.clone();
    }

    private ByteBuffer little() {
        return ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    }
}
