package io.varve.disk.volume.encrypted;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Encrypts sectors the slow and plain way, block by block as the standards are written, for images of tests.
final class Sealed {
    private static final BigInteger POLYNOMIAL = BigInteger.ONE.shiftLeft(128).or(BigInteger.valueOf(0x87));

    private Sealed() {}

    /// Noise with long runs of zeros between, so that equal blocks occur.
    static byte[] content(int size) {
        byte[] content = new byte[size];
        var random = new Random(size);
        for (int i = 0; i < size; i += 3000) {
            byte[] part = new byte[Math.min(1500, size - i)];
            random.nextBytes(part);
            System.arraycopy(part, 0, content, i, part.length);
        }
        return content;
    }

    /// As Linux's dm-crypt does it.
    ///
    /// @param number of the first sector, in units of 512 bytes
    static byte[] dmCrypt(String cipher, byte[] key, byte[] clear, int sectorSize, long number) throws Exception {
        int step = sectorSize / 512;
        byte[] salt = MessageDigest.getInstance("SHA-256").digest(key);
        return switch (cipher) {
            case "aes-xts-plain", "aes-xts-plain64" -> xts(key, clear, sectorSize, number, step);
            case "aes-cbc-plain", "aes-cbc-plain64" ->
                cbc(key, clear, sectorSize, number, step, n -> toLittle(BigInteger.valueOf(n)));
            case "aes-cbc-essiv:sha256" ->
                cbc(key, clear, sectorSize, number, step, n -> ecb(salt).doFinal(toLittle(BigInteger.valueOf(n))));
            default -> throw new IllegalArgumentException(cipher);
        };
    }

    /// XTS as IEEE 1619 writes it.
    ///
    /// @param number of the first sector
    /// @param step from one sector's number to the next
    static byte[] xts(byte[] key, byte[] clear, int sectorSize, long number, int step) throws Exception {
        Cipher data = ecb(Arrays.copyOf(key, key.length / 2));
        Cipher tweaks = ecb(Arrays.copyOfRange(key, key.length / 2, key.length));
        byte[] sealed = new byte[clear.length];
        for (int sector = 0; sector < clear.length; sector += sectorSize, number += step) {
            BigInteger tweak = fromLittle(tweaks.doFinal(toLittle(BigInteger.valueOf(number))));
            for (int i = sector; i < sector + sectorSize; i += 16) {
                byte[] mask = toLittle(tweak);
                byte[] block = xor(Arrays.copyOfRange(clear, i, i + 16), mask);
                System.arraycopy(xor(data.doFinal(block), mask), 0, sealed, i, 16);
                tweak = tweak.shiftLeft(1);
                if (tweak.testBit(128)) {
                    tweak = tweak.xor(POLYNOMIAL);
                }
            }
        }
        return sealed;
    }

    interface Vector {
        byte[] of(long number) throws Exception;
    }

    static byte[] cbc(byte[] key, byte[] clear, int sectorSize, long number, int step, Vector vector) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
        byte[] sealed = new byte[clear.length];
        for (int sector = 0; sector < clear.length; sector += sectorSize, number += step) {
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(vector.of(number)));
            cipher.doFinal(clear, sector, sectorSize, sealed, sector);
        }
        return sealed;
    }

    static Cipher ecb(byte[] key) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        return cipher;
    }

    static byte[] xor(byte[] a, byte[] b) {
        byte[] sum = new byte[a.length];
        for (int i = 0; i < a.length; i++) {
            sum[i] = (byte) (a[i] ^ b[i]);
        }
        return sum;
    }

    static byte[] toLittle(BigInteger number) {
        byte[] little = new byte[16];
        byte[] big = number.toByteArray();
        for (int i = 0; i < Math.min(16, big.length); i++) {
            little[i] = big[big.length - 1 - i];
        }
        return little;
    }

    private static BigInteger fromLittle(byte[] little) {
        byte[] big = new byte[little.length];
        for (int i = 0; i < little.length; i++) {
            big[i] = little[little.length - 1 - i];
        }
        return new BigInteger(1, big);
    }
}
