package io.varve.disk.volume.encrypted;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.OptionalLong;

/// A key slot of LUKS2: the volume's key, spread and encrypted under a key made from a passphrase.
record Luks2Slot(String number, Json json) {
    private static final int SECTOR = 512;
    private static final int LANES = 16;
    /// Longest volume key or slot key, in bytes.
    private static final int KEY = 64;

    String kind() {
        return number + " ("
                + Printable.text(json.need("kdf").need("type").text()).replace("'", "") + ")";
    }

    /// Steps that one try takes, as [KeyWork] counts them.
    long units() throws LayerException {
        Json kdf = json.need("kdf");
        if (kdf.need("type").text().equals("pbkdf2")) {
            MessageDigest hash = Hashes.of("LUKS2", kdf.need("hash").text());
            return Pbkdf2.units(hash, kdf.need("iterations").number(1L << 40), areaKeyLength());
        }
        return kdf.need("time").number(1L << 30) * kdf.need("memory").number(1L << 30);
    }

    /// The volume's key as this passphrase gives it, right or wrong.
    byte[] key(Bytes volume, byte[] passphrase, KeyWork work) throws IOException {
        int keyLength = keyLength();
        Json af = json.need("af");
        long stripes = af.need("stripes").number(AntiForensic.STRIPES);
        int length = AntiForensic.length(keyLength, stripes, "LUKS2 key slot " + number);
        int whole = (length + SECTOR - 1) / SECTOR * SECTOR;
        Json area = json.need("area");
        long place = area.need("offset").number(Long.MAX_VALUE);
        volume.check(place, whole, "LUKS2 key area of slot " + number);
        DmCipher cipher = DmCipher.of("LUKS2", area.need("encryption").text());
        int areaKeyLength = areaKeyLength();
        if (!cipher.takes(areaKeyLength)) {
            throw new CorruptException("LUKS2 key slot %s has a key of %d bytes, which its cipher does not take"
                    .formatted(number, areaKeyLength));
        }
        MessageDigest afHash = Hashes.of("LUKS2", af.need("hash").text());
        work.spend(units(), "key slot " + number, place);
        byte[] slotKey = derive(passphrase, areaKeyLength, place);
        byte[] spread = new byte[whole];
        cipher.sectors(slotKey, SECTOR).read(volume, place, 0, spread, 0, whole);
        return AntiForensic.merge(afHash, spread, keyLength, (int) stripes);
    }

    private int keyLength() {
        return (int) json.need("key_size").number(KEY);
    }

    private int areaKeyLength() {
        return (int) json.need("area").need("key_size").number(KEY);
    }

    private byte[] derive(byte[] passphrase, int length, long place) throws LayerException {
        Json kdf = json.need("kdf");
        byte[] salt = bytes(kdf.need("salt"));
        String type = kdf.need("type").text();
        return switch (type) {
            case "pbkdf2" ->
                new Pbkdf2(Hashes.of("LUKS2", kdf.need("hash").text()), passphrase)
                        .derive(salt, kdf.need("iterations").number(KeyWork.MOST), length);
            case "argon2i" -> argon2(1, kdf, passphrase, salt, length, place);
            case "argon2id" -> argon2(2, kdf, passphrase, salt, length, place);
            default ->
                throw new LayerException(
                        "LUKS2",
                        OptionalLong.of(place),
                        "key slot %s uses %s, which is not read".formatted(number, Printable.text(type)),
                        "give the volume's master key");
        };
    }

    private byte[] argon2(int type, Json kdf, byte[] passphrase, byte[] salt, int length, long place)
            throws LayerException {
        int lanes = (int) kdf.need("cpus").number(LANES);
        long memory = kdf.need("memory").number(Integer.MAX_VALUE);
        int passes = (int) kdf.need("time").number(Integer.MAX_VALUE);
        if (lanes < 1 || passes < 1 || memory < Argon2.least(lanes)) {
            throw new CorruptException("LUKS2 key slot %s asks for %d lanes, %d passes and %d KiB"
                    .formatted(number, lanes, passes, memory));
        }
        if (memory > KeyWork.MEMORY >> 10) {
            throw tooMuch(memory, place);
        }
        try {
            return new Argon2(type, passes, (int) memory, lanes).derive(passphrase, salt, length);
        } catch (OutOfMemoryError e) {
            throw tooMuch(memory, place);
        }
    }

    private LayerException tooMuch(long memory, long place) {
        return new LayerException(
                "LUKS2",
                OptionalLong.of(place),
                "limit: key slot %s asks for %d KiB of memory".formatted(number, memory),
                "give the volume's master key (cryptsetup luksDump --dump-volume-key), or a machine with more memory");
    }

    static byte[] bytes(Json value) {
        try {
            return Base64.getDecoder().decode(value.text());
        } catch (IllegalArgumentException e) {
            throw new CorruptException(value.where() + " is no base64", e);
        }
    }
}
