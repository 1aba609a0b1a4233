package io.varve.disk.volume.encrypted;

import io.varve.disk.LayerException;
import io.varve.disk.volume.encrypted.AesSectors.Chaining;
import io.varve.disk.volume.encrypted.AesSectors.Plan;
import io.varve.disk.volume.encrypted.AesSectors.Tweak;
import java.util.Arrays;
import java.util.OptionalLong;

/// The ciphers of BitLocker by their numbers: AES in CBC with the Elephant diffuser (Vista, 7), without it (8, 8.1),
/// and in XTS (10 and later).
enum FveCipher {
    CBC_128_ELEPHANT(0x8000, 16, 64),
    CBC_256_ELEPHANT(0x8001, 32, 64),
    CBC_128(0x8002, 16, 16),
    CBC_256(0x8003, 32, 32),
    XTS_128(0x8004, 16, 32),
    XTS_256(0x8005, 32, 64);

    private static final int SECOND = 32;

    private final int method;
    private final int aes;
    private final int stored;

    FveCipher(int method, int aes, int stored) {
        this.method = method;
        this.aes = aes;
        this.stored = stored;
    }

    static FveCipher of(int method) throws LayerException {
        for (FveCipher cipher : values()) {
            if (cipher.method == method) {
                return cipher;
            }
        }
        throw new LayerException(
                "BitLocker",
                OptionalLong.of(0),
                "cipher 0x%04x is not read".formatted(method),
                "unlock it on Windows and capture the open volume");
    }

    /// Whether a key has the length that is stored for this cipher.
    boolean takes(byte[] key) {
        return key.length >= stored;
    }

    AesSectors sectors(byte[] key, int sectorSize) {
        byte[] first = Arrays.copyOf(key, aes);
        return switch (this) {
            case CBC_128, CBC_256 -> new AesSectors(cbc(first, sectorSize));
            case CBC_128_ELEPHANT, CBC_256_ELEPHANT ->
                new AesSectors(
                        cbc(first, sectorSize),
                        new Elephant(Arrays.copyOfRange(key, SECOND, SECOND + aes), sectorSize));
            case XTS_128, XTS_256 ->
                new AesSectors(new Plan(
                        Chaining.XTS,
                        Tweak.PLAIN64,
                        first,
                        Arrays.copyOfRange(key, aes, 2 * aes),
                        sectorSize,
                        sectorSize));
        };
    }

    private static Plan cbc(byte[] key, int sectorSize) {
        return new Plan(Chaining.CBC, Tweak.OFFSET, key, key, sectorSize, sectorSize);
    }
}
