package io.varve.disk.filesystem.btrfs;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.bouncycastle.crypto.digests.Blake2bDigest;

/// The checksums that btrfs keeps of its metadata.
enum Checksum {
    CRC32C(4) {
        @Override
        byte[] of(byte[] bytes, int start, int length) {
            var crc = new CRC32C();
            crc.update(bytes, start, length);
            int value = (int) crc.getValue();
            return new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)};
        }
    },
    XXHASH64(8) {
        @Override
        byte[] of(byte[] bytes, int start, int length) {
            long value = new XxHash64(bytes, start, length).value();
            byte[] sum = new byte[8];
            for (int i = 0; i < 8; i++) {
                sum[i] = (byte) (value >> i * 8);
            }
            return sum;
        }
    },
    SHA256(32) {
        @Override
        byte[] of(byte[] bytes, int start, int length) {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                digest.update(bytes, start, length);
                return digest.digest();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    },
    BLAKE2B(32) {
        @Override
        byte[] of(byte[] bytes, int start, int length) {
            var digest = new Blake2bDigest(256);
            digest.update(bytes, start, length);
            byte[] sum = new byte[32];
            digest.doFinal(sum, 0);
            return sum;
        }
    };

    /// Bytes in front of each block of metadata that hold its checksum.
    static final int FIELD = 32;

    private final int size;

    Checksum(int size) {
        this.size = size;
    }

    abstract byte[] of(byte[] bytes, int start, int length);

    /// Whether the checksum at the start fits the rest.
    boolean fits(byte[] bytes) {
        byte[] sum = of(bytes, FIELD, bytes.length - FIELD);
        return Arrays.equals(sum, 0, size, bytes, 0, size);
    }
}
