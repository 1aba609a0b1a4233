package io.varve.disk.volume.encrypted;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/// PBKDF2 with HMAC (RFC 8018) over any bytes, with any hash that can be cloned: twice as fast as the JDK's Mac, which
/// hashes the padded key again for every step.
final class Pbkdf2 {
    private final MessageDigest inner;
    private final MessageDigest outer;
    private final int digestLength;

    Pbkdf2(MessageDigest hash, byte[] password) {
        int block = Hashes.blockLength(hash);
        byte[] key = Arrays.copyOf(password.length > block ? hash.digest(password) : password, block);
        digestLength = hash.getDigestLength();
        inner = padded(hash, key, 0x36);
        outer = padded(hash, key, 0x5c);
    }

    /// Units of [KeyWork] that a derivation takes.
    static long units(MessageDigest hash, long iterations, int length) {
        int blocks = (length + hash.getDigestLength() - 1) / hash.getDigestLength();
        return iterations > Long.MAX_VALUE / Math.max(1, blocks) ? Long.MAX_VALUE : iterations * blocks;
    }

    byte[] derive(byte[] salt, long iterations, int length) {
        byte[] derived = new byte[length];
        byte[] step = new byte[digestLength];
        byte[] numbered = Arrays.copyOf(salt, salt.length + 4);
        for (int done = 0, block = 1; done < length; done += digestLength, block++) {
            for (int i = 0; i < 4; i++) {
                numbered[salt.length + i] = (byte) (block >>> 24 - 8 * i);
            }
            hmac(numbered, step);
            byte[] sum = step.clone();
            for (long i = 1; i < iterations; i++) {
                hmac(step, step);
                for (int k = 0; k < digestLength; k++) {
                    sum[k] ^= step[k];
                }
            }
            System.arraycopy(sum, 0, derived, done, Math.min(digestLength, length - done));
        }
        return derived;
    }

    private void hmac(byte[] message, byte[] target) {
        try {
            MessageDigest hash = (MessageDigest) inner.clone();
            hash.update(message);
            hash.digest(target, 0, digestLength);
            hash = (MessageDigest) outer.clone();
            hash.update(target);
            hash.digest(target, 0, digestLength);
        } catch (CloneNotSupportedException | DigestException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MessageDigest padded(MessageDigest hash, byte[] key, int pad) {
        byte[] block = key.clone();
        for (int i = 0; i < block.length; i++) {
            block[i] ^= (byte) pad;
        }
        try {
            MessageDigest state = (MessageDigest) hash.clone();
            state.reset();
            state.update(block);
            return state;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }
}
