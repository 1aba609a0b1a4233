package io.varve.disk.volume.encrypted;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.LayerException;
import io.varve.disk.volume.EncryptedVolume;
import io.varve.disk.volume.Keys;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// LUKS version 1, as cryptsetup and QEMU write it: *LUKS On-Disk Format Specification* 1.2.3
/// ([cryptsetup wiki](https://gitlab.com/cryptsetup/cryptsetup/-/wikis/Specification)).
///
/// Read are AES in XTS and CBC. Each active slot is tried with each password and key file, cheap slots first; a master
/// key is checked against the header's digest.
@AutoService(EncryptedVolume.class)
public final class Luks1 implements EncryptedVolume {
    static final byte[] MAGIC = {'L', 'U', 'K', 'S', (byte) 0xba, (byte) 0xbe};
    private static final int HEADER = 592;
    private static final int SLOTS = 8;
    private static final long ACTIVE = 0x00ac71f3;
    private static final int SECTOR = 512;
    private static final String[] KINDS = {"password", "keyfile", "master"};

    private final long most;

    public Luks1() {
        this(KeyWork.MOST);
    }

    /// @param most work for one volume
    Luks1(long most) {
        this.most = most;
    }

    @Override
    public String name() {
        return "LUKS1";
    }

    @Override
    public boolean claims(Bytes volume) throws IOException {
        return version(volume, 0, MAGIC) == 1;
    }

    /// The version behind a magic, or 0.
    static int version(Bytes volume, long offset, byte[] magic) throws IOException {
        if (volume.size() < offset + HEADER) {
            return 0;
        }
        byte[] head = new byte[magic.length + 2];
        volume.read(offset, head, 0, head.length);
        return Arrays.equals(head, 0, magic.length, magic, 0, magic.length)
                ? (head[magic.length] & 0xff) << 8 | head[magic.length + 1] & 0xff
                : 0;
    }

    @Override
    public Bytes unlock(Bytes volume, Keys keys) throws IOException {
        Header header = header(volume);
        var given = new GivenKeys(name(), keys);
        var work = new KeyWork(name(), most);
        Optional<byte[]> key = key(volume, header, given, work);
        if (key.isEmpty()) {
            String slots = header.slots.isEmpty()
                    ? "no key slot is in use, so only master:HEX opens it"
                    : "give password:…, keyfile:BASE64 or master:HEX; key slots in use: "
                            + header.slots.stream()
                                    .map(slot -> Integer.toString(slot.number))
                                    .collect(Collectors.joining(", "));
            throw given.none(slots, KINDS);
        }
        AesSectors sectors = header.cipher.sectors(key.get(), SECTOR);
        return new DecryptedBytes(volume, header.payload, volume.size() - header.payload, 0, sectors);
    }

    private record Slot(int number, long iterations, byte[] salt, long place, long stripes) {}

    private record Header(
            DmCipher cipher,
            String hash,
            long payload,
            int keyLength,
            byte[] digest,
            byte[] digestSalt,
            long digestIterations,
            List<Slot> slots) {}

    private Header header(Bytes volume) throws IOException {
        Cursor cursor = Cursor.bigEndian(volume.at(0, HEADER, "LUKS1 header"));
        cursor.skip(MAGIC.length + 2, "magic");
        String cipherName = cursor.text(32, "LUKS1 cipher name");
        String mode = cursor.text(32, "LUKS1 cipher mode");
        String hash = cursor.text(32, "LUKS1 hash");
        long payload = cursor.u32("LUKS1 payload offset") * SECTOR;
        long keyLength = cursor.u32("LUKS1 key bytes");
        byte[] digest = cursor.bytes(20, "LUKS1 digest").toArray(ValueLayout.JAVA_BYTE);
        byte[] digestSalt = cursor.bytes(32, "LUKS1 digest salt").toArray(ValueLayout.JAVA_BYTE);
        long digestIterations = cursor.u32("LUKS1 digest iterations");
        cursor.skip(40, "LUKS1 UUID");
        DmCipher cipher = DmCipher.of(name(), cipherName + "-" + mode);
        if (keyLength > 64 || !cipher.takes((int) keyLength)) {
            throw new CorruptException(
                    "LUKS1 key bytes at offset 108 is %d, which %s-%s does not take".formatted(keyLength, "aes", mode));
        }
        if (payload == 0) {
            throw new LayerException(
                    name(),
                    OptionalLong.of(104),
                    "the header is a detached one, its data lies elsewhere",
                    "join them: cryptsetup with --header, and give a copy of the mapped device");
        }
        volume.check(payload, 0, "LUKS1 payload offset");
        var slots = new ArrayList<Slot>();
        for (int number = 0; number < SLOTS; number++) {
            long state = cursor.u32("LUKS1 key slot state");
            long iterations = cursor.u32("LUKS1 key slot iterations");
            byte[] salt = cursor.bytes(32, "LUKS1 key slot salt").toArray(ValueLayout.JAVA_BYTE);
            long place = cursor.u32("LUKS1 key material offset") * SECTOR;
            long stripes = cursor.u32("LUKS1 stripes");
            if (state == ACTIVE) {
                slots.add(new Slot(number, iterations, salt, place, stripes));
            }
        }
        slots.sort(Comparator.comparingLong(Slot::iterations));
        return new Header(cipher, hash, payload, (int) keyLength, digest, digestSalt, digestIterations, slots);
    }

    private Optional<byte[]> key(Bytes volume, Header header, GivenKeys given, KeyWork work) throws IOException {
        for (byte[] master : given.masters()) {
            if (master.length == header.keyLength && fits(header, master, work)) {
                return Optional.of(master);
            }
        }
        List<byte[]> passphrases = given.passphrases();
        CorruptException damage = null;
        for (Slot slot : header.slots) {
            for (byte[] passphrase : passphrases) {
                try {
                    byte[] key = key(volume, header, slot, passphrase, work);
                    if (fits(header, key, work)) {
                        return Optional.of(key);
                    }
                } catch (CorruptException e) {
                    damage = e;
                }
            }
        }
        if (damage != null) {
            throw damage;
        }
        return Optional.empty();
    }

    private byte[] key(Bytes volume, Header header, Slot slot, byte[] passphrase, KeyWork work) throws IOException {
        MessageDigest hash = Hashes.of(name(), header.hash);
        int length = AntiForensic.length(header.keyLength, slot.stripes, "LUKS1 key slot " + slot.number);
        int whole = (length + SECTOR - 1) / SECTOR * SECTOR;
        volume.check(slot.place, whole, "LUKS1 key material of slot " + slot.number);
        work.spend(
                Pbkdf2.units(hash, slot.iterations, header.keyLength),
                "key slot " + slot.number,
                208 + 48L * slot.number);
        byte[] slotKey = new Pbkdf2(hash, passphrase).derive(slot.salt, slot.iterations, header.keyLength);
        byte[] spread = new byte[whole];
        header.cipher.sectors(slotKey, SECTOR).read(volume, slot.place, 0, spread, 0, whole);
        return AntiForensic.merge(hash, spread, header.keyLength, (int) slot.stripes);
    }

    private boolean fits(Header header, byte[] key, KeyWork work) throws LayerException {
        MessageDigest hash = Hashes.of(name(), header.hash);
        work.spend(Pbkdf2.units(hash, header.digestIterations, header.digest.length), "the digest", 164);
        byte[] digest = new Pbkdf2(hash, key).derive(header.digestSalt, header.digestIterations, header.digest.length);
        return MessageDigest.isEqual(digest, header.digest);
    }
}
