package io.varve.event;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The two hashes of event identity.
final class Hashing {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Hashing() {}

    /// FNV-1a, 64 bits: tells records at the same offset apart; not a security property.
    static long fnv64(MemorySegment raw) {
        long hash = FNV_OFFSET;
        for (long i = 0; i < raw.byteSize(); i++) {
            hash = (hash ^ (raw.get(ValueLayout.JAVA_BYTE, i) & 0xff)) * FNV_PRIME;
        }
        return hash;
    }

    /// The first 128 bits of the SHA-256 of the parts, each preceded by its length, as 32 hexadecimal digits.
    static String sha(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update(new byte[] {
                    (byte) (bytes.length >> 24),
                    (byte) (bytes.length >> 16),
                    (byte) (bytes.length >> 8),
                    (byte) bytes.length
                });
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
