package io.varve.disk.volume.encrypted;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import javax.crypto.Cipher;

/// Writes BitLocker volumes for tests, independent of the reader: ciphers by their definitions, AES-CCM by RFC 3610.
/// libbde and dissect.fve read what it writes (`docs/encryption.md`).
final class FveImage {
    static final int SIZE = 2 << 20;
    static final int HEADER = 0x2000;
    static final int HEADER_COPY = 0x10_0000;
    static final int[] COPIES = {0x4_0000, 0x6_0000, 0x8_0000};
    static final String ID = "01234567-89ab-cdef-0123-456789abcdef";
    static final byte[] MASTER = HexFormat.of().parseHex("a1b2c3d4e5f60718293a4b5c6d7e8f90".repeat(2));

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] NONCE = HEX.parseHex("00112233445566778899aabb");
    private static final byte[] SALT = HEX.parseHex("f1e2d3c4b5a697887766554433221100");

    final int method;
    final int sectorSize;
    final byte[] key;
    boolean vista;
    boolean toGo;
    long encrypted = SIZE;
    byte[] conversion = {};

    /// What the reader should show.
    final byte[] content = Sealed.content(SIZE);

    private final List<byte[]> protectors = new ArrayList<>();

    FveImage(int method, int sectorSize) {
        this.method = method;
        this.sectorSize = sectorSize;
        int[] lengths = {64, 64, 16, 32, 32, 64};
        key = new byte[lengths[method - 0x8000]];
        new Random(method).nextBytes(key);
        Arrays.fill(content, 0, 512, (byte) 0);
        byte[] start = HEX.parseHex("eb52904e54465320202020");
        System.arraycopy(start, 0, content, 0, start.length);
        ByteBuffer boot = little(content).putShort(11, (short) sectorSize).put(13, (byte) (4096 / sectorSize));
        boot.put(21, (byte) 0xf8)
                .putLong(40, SIZE / sectorSize - 1)
                .putLong(48, 4)
                .putLong(56, 0x1234);
        boot.put(64, (byte) 0xf6).put(68, (byte) 1).putLong(72, 42).putShort(510, (short) 0xaa55);
        for (int copy : COPIES) {
            Arrays.fill(content, copy, copy + 0x1_0000, (byte) 0);
        }
        Arrays.fill(content, HEADER_COPY, HEADER_COPY + HEADER, (byte) 0);
    }

    FveImage vista() {
        vista = true;
        Arrays.fill(content, HEADER_COPY, HEADER_COPY + HEADER, (byte) 7);
        for (int copy : COPIES) {
            Arrays.fill(content, copy + 0x4000, copy + 0x1_0000, (byte) 9);
        }
        return this;
    }

    FveImage toGo() {
        toGo = true;
        return this;
    }

    FveImage password(String password) throws Exception {
        byte[] secret = sha(sha(password.getBytes(StandardCharsets.UTF_16LE)));
        return stretched(0x2000, secret);
    }

    FveImage recovery(String password) throws Exception {
        ByteBuffer groups = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        for (String group : password.split("-")) {
            groups.putShort((short) (Integer.parseInt(group) / 11));
        }
        return stretched(0x0800, sha(groups.array()));
    }

    private FveImage stretched(int kind, byte[] secret) throws Exception {
        ByteBuffer chain = ByteBuffer.allocate(88).order(ByteOrder.LITTLE_ENDIAN);
        chain.put(32, secret).put(64, SALT);
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < 1 << 20; i++) {
            chain.putLong(80, i);
            hash.update(chain.array());
            hash.digest(chain.array(), 0, 32);
        }
        byte[] stretched = Arrays.copyOf(chain.array(), 32);
        byte[] stretch = datum(0, 3, join(HEX.parseHex("00100000"), SALT, wrapped(0, stretched, NONCE.clone())));
        return protector(kind, stretch, wrapped(0, MASTER, stretched));
    }

    FveImage startup(byte[] external) throws Exception {
        return protector(0x0200, wrapped(0, MASTER, external));
    }

    /// The `.BEK` file of a startup key.
    static byte[] bek(byte[] external) {
        byte[] key = datum(0, 1, join(HEX.parseHex("02200000"), external));
        byte[] entry = datum(6, 9, join(id(), new byte[8], key));
        return join(dataset(entry.length, 0), entry);
    }

    FveImage clear() throws Exception {
        byte[] clear = sha(new byte[] {1});
        return protector(0, datum(0, 1, join(HEX.parseHex("00200000"), clear)), wrapped(0, MASTER, clear));
    }

    FveImage tpm() {
        return protector(0x0100, datum(0, 6, new byte[200]));
    }

    private FveImage protector(int kind, byte[]... properties) {
        byte[] flags = {0, 0, (byte) kind, (byte) (kind >> 8)};
        protectors.add(datum(2, 8, join(id(), new byte[8], flags, join(properties))));
        return this;
    }

    byte[] build() throws Exception {
        byte[] image = seal(content, 0);
        if (encrypted < SIZE) {
            System.arraycopy(content, (int) encrypted, image, (int) encrypted, SIZE - (int) encrypted);
        }
        if (vista) {
            System.arraycopy(content, 0, image, 0, HEADER);
            System.arraycopy(FveMetadata.SIGNATURE, 0, image, 3, 8);
            little(image).putLong(56, COPIES[0] / 4096);
        } else {
            byte[] start = seal(Arrays.copyOf(content, HEADER), HEADER_COPY);
            System.arraycopy(start, 0, image, HEADER_COPY, HEADER);
            boot(image);
        }
        byte[] metadata = metadata();
        for (int copy : COPIES) {
            System.arraycopy(metadata, 0, image, copy, metadata.length);
        }
        return image;
    }

    private void boot(byte[] image) {
        Arrays.fill(image, 0, HEADER, (byte) 0xcc);
        System.arraycopy(HEX.parseHex("eb5890"), 0, image, 0, 3);
        System.arraycopy((toGo ? "MSWIN4.1" : "-FVE-FS-").getBytes(StandardCharsets.US_ASCII), 0, image, 3, 8);
        ByteBuffer boot = little(image).putShort(11, (short) sectorSize).put(13, (byte) (4096 / sectorSize));
        boot.putShort(14, (short) 0).put(16, (byte) 0).putShort(17, (short) 0).putShort(19, (short) 0);
        boot.putShort(22, (short) 0).putInt(32, 0).putLong(40, SIZE / sectorSize);
        boot.putShort(510, (short) 0xaa55);
        int at = toGo ? 424 : 160;
        String guid = conversion.length > 0 ? "3b4da89280dd0e4d9e4eb1e3284eaed8" : "3bd66749292ed84a8399f6a339e3d001";
        boot.put(at, HEX.parseHex(guid));
        for (int i = 0; i < 3; i++) {
            boot.putLong(at + 16 + i * 8, COPIES[i]);
        }
        if (conversion.length > 0) {
            boot.put(at + 40, conversion);
        }
    }

    private byte[] metadata() throws Exception {
        var entries = new ByteArrayOutputStream();
        for (byte[] protector : protectors) {
            entries.writeBytes(protector);
        }
        entries.writeBytes(datum(3, 5, sealed(method, key, MASTER)));
        if (!vista) {
            ByteBuffer place = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
            entries.writeBytes(
                    datum(15, 15, place.putLong(HEADER_COPY).putLong(HEADER).array()));
        }
        byte[] dataset = join(dataset(entries.size(), method), entries.toByteArray());
        int size = (64 + dataset.length + 15) / 16 * 16;
        ByteBuffer block = ByteBuffer.allocate(size + 8).order(ByteOrder.LITTLE_ENDIAN);
        block.put(FveMetadata.SIGNATURE)
                .putShort((short) (vista ? size : size / 16))
                .putShort((short) (vista ? 1 : 2));
        block.putShort((short) 4).putShort((short) 4);
        block.putLong(vista ? 0 : encrypted).putInt(0).putInt(vista ? 0 : HEADER / sectorSize);
        for (int copy : COPIES) {
            block.putLong(copy);
        }
        block.putLong(vista ? 0x1234 : HEADER_COPY).put(dataset);
        var crc = new CRC32();
        crc.update(block.array(), 0, size);
        block.position(size).putShort((short) 8).putShort((short) 1).putInt((int) crc.getValue());
        return block.array();
    }

    private static byte[] dataset(int entries, int method) {
        ByteBuffer head = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(48 + entries)
                .putInt(1)
                .putInt(48)
                .putInt(48 + entries)
                .put(id())
                .putInt(9)
                .putInt(method);
        return head.putLong(132_000_000_000_000_000L).array();
    }

    private static byte[] datum(int role, int type, byte[] data) {
        ByteBuffer datum = ByteBuffer.allocate(8 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        datum.putShort((short) (8 + data.length))
                .putShort((short) role)
                .putShort((short) type)
                .putShort((short) 1);
        return datum.put(data).array();
    }

    private static byte[] wrapped(int role, byte[] secret, byte[] under) throws Exception {
        return datum(role, 5, sealed(0x2003, secret, under.length == 32 ? under : sha(under)));
    }

    /// A key in AES-CCM: nonce, MAC, then the encrypted entry.
    private static byte[] sealed(int method, byte[] secret, byte[] under) throws Exception {
        byte[] fields = {(byte) method, (byte) (method >> 8), 0, 0};
        byte[] clear = datum(0, 1, join(fields, secret));
        Cipher aes = Sealed.ecb(under);
        byte[] mac = aes.doFinal(block(58, clear.length));
        for (int i = 0; i < clear.length; i += 16) {
            mac = aes.doFinal(Sealed.xor(mac, Arrays.copyOf(Arrays.copyOfRange(clear, i, i + 16), 16)));
        }
        byte[] body = clear.clone();
        for (int i = 0; i < clear.length; i++) {
            body[i] ^= aes.doFinal(block(2, i / 16 + 1))[i % 16];
        }
        return join(NONCE, Sealed.xor(mac, aes.doFinal(block(2, 0))), body);
    }

    private static byte[] block(int flags, int number) {
        byte[] tail = {(byte) (number >> 16), (byte) (number >> 8), (byte) number};
        return join(new byte[] {(byte) flags}, NONCE, tail);
    }

    /// The content's sectors as they lie at this place of the volume.
    byte[] seal(byte[] clear, long place) throws Exception {
        int aes = method % 2 == 0 ? 16 : 32;
        long number = place / sectorSize;
        if (method >= 0x8004) {
            return Sealed.xts(key, clear, sectorSize, number, 1);
        }
        byte[] first = Arrays.copyOf(key, aes);
        byte[] mixed = clear.clone();
        if (method < 0x8002) {
            Cipher tweak = Sealed.ecb(Arrays.copyOfRange(key, 32, 32 + aes));
            for (int at = 0; at < mixed.length; at += sectorSize) {
                elephant(mixed, at, tweak, place + at);
            }
        }
        return Sealed.cbc(
                first,
                mixed,
                sectorSize,
                number,
                1,
                n -> Sealed.ecb(first).doFinal(Sealed.toLittle(BigInteger.valueOf(n * sectorSize))));
    }

    private void elephant(byte[] data, int at, Cipher tweak, long place) throws Exception {
        byte[] number = Sealed.toLittle(BigInteger.valueOf(place));
        byte[] low = tweak.doFinal(number);
        number[15] = (byte) 0x80;
        byte[] sectorKey = join(low, tweak.doFinal(number));
        for (int i = 0; i < sectorSize; i++) {
            data[at + i] ^= sectorKey[i % 32];
        }
        ByteBuffer words = ByteBuffer.wrap(data, at, sectorSize).slice().order(ByteOrder.LITTLE_ENDIAN);
        int n = sectorSize / 4;
        diffuse(words, n, 5, -2, -5, new int[] {9, 0, 13, 0});
        diffuse(words, n, 3, 2, 5, new int[] {0, 10, 0, 25});
    }

    private static void diffuse(ByteBuffer words, int n, int rounds, int near, int far, int[] turns) {
        for (int round = 0; round < rounds; round++) {
            for (int i = n - 1; i >= 0; i--) {
                int a = words.getInt(Math.floorMod(i + near, n) * 4);
                int b = Integer.rotateLeft(words.getInt(Math.floorMod(i + far, n) * 4), turns[i % 4]);
                words.putInt(i * 4, words.getInt(i * 4) - (a ^ b));
            }
        }
    }

    private static byte[] id() {
        return HEX.parseHex("67452301ab89efcd0123456789abcdef");
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static byte[] sha(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
