package io.varve.disk.volume.encrypted;

import io.varve.disk.LayerException;
import io.varve.disk.volume.encrypted.AesSectors.Chaining;
import io.varve.disk.volume.encrypted.AesSectors.Plan;
import io.varve.disk.volume.encrypted.AesSectors.Tweak;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;

/// A cipher as Linux's dm-crypt names it, e.g. `aes-xts-plain64` or `aes-cbc-essiv:sha256`. Read are the AES ones of
/// LUKS: [kernel documentation](https://docs.kernel.org/admin-guide/device-mapper/dm-crypt.html).
record DmCipher(Chaining chaining, Tweak tweak) {
    /// Bytes that dm-crypt's sector numbers count, whatever the sector size.
    static final int UNIT = 512;

    static DmCipher of(String layer, String name) throws LayerException {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "aes-xts-plain64" -> new DmCipher(Chaining.XTS, Tweak.PLAIN64);
            case "aes-xts-plain" -> new DmCipher(Chaining.XTS, Tweak.PLAIN);
            case "aes-cbc-plain64" -> new DmCipher(Chaining.CBC, Tweak.PLAIN64);
            case "aes-cbc-plain" -> new DmCipher(Chaining.CBC, Tweak.PLAIN);
            // the hash is a key of AES, so only this length fits
            case "aes-cbc-essiv:sha256" -> new DmCipher(Chaining.CBC, Tweak.ESSIV);
            default ->
                throw new LayerException(
                        layer,
                        OptionalLong.of(0),
                        "the cipher %s is not read".formatted(Printable.text(name)),
                        "open it with cryptsetup and give the mapped device or a copy of it");
        };
    }

    /// Whether a key has a length that this cipher takes.
    boolean takes(int keyLength) {
        return chaining == Chaining.XTS
                ? keyLength == 32 || keyLength == 48 || keyLength == 64
                : keyLength == 16 || keyLength == 24 || keyLength == 32;
    }

    AesSectors sectors(byte[] key, int sectorSize) {
        byte[] data = chaining == Chaining.XTS ? Arrays.copyOf(key, key.length / 2) : key;
        byte[] numbers = chaining == Chaining.XTS ? Arrays.copyOfRange(key, key.length / 2, key.length) : new byte[0];
        if (tweak == Tweak.ESSIV) {
            numbers = Hashes.sha256().digest(key);
        }
        return new AesSectors(new Plan(chaining, tweak, data, numbers, sectorSize, UNIT));
    }
}
