package io.varve.disk.volume.encrypted;

import io.varve.binary.CorruptException;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;

/// LUKS keeps a key spread over many stripes, so that losing any one of them loses the key: the anti-forensic splitter
/// of the [LUKS1 specification](https://gitlab.com/cryptsetup/cryptsetup/-/wikis/Specification), section 2.4.
final class AntiForensic {
    /// Most stripes; cryptsetup and QEMU write 4,000.
    static final int STRIPES = 1 << 16;

    private AntiForensic() {}

    /// Bytes of the area that a key lies spread in.
    static int length(long keyLength, long stripes, String where) {
        if (stripes < 1 || stripes > STRIPES) {
            throw new CorruptException("%s: stripes is %d, allowed are 1 to %d".formatted(where, stripes, STRIPES));
        }
        return Math.toIntExact(keyLength * stripes);
    }

    static byte[] merge(MessageDigest hash, byte[] spread, int keyLength, int stripes) {
        byte[] key = new byte[keyLength];
        for (int stripe = 0; stripe < stripes; stripe++) {
            for (int i = 0; i < keyLength; i++) {
                key[i] ^= spread[stripe * keyLength + i];
            }
            if (stripe < stripes - 1) {
                diffuse(hash, key);
            }
        }
        return key;
    }

    private static void diffuse(MessageDigest hash, byte[] key) {
        int step = hash.getDigestLength();
        byte[] digest = new byte[step];
        byte[] number = new byte[4];
        for (int done = 0, index = 0; done < key.length; done += step, index++) {
            int length = Math.min(step, key.length - done);
            ByteBuffer.wrap(number).putInt(index);
            hash.update(number);
            hash.update(key, done, length);
            try {
                hash.digest(digest, 0, step);
            } catch (DigestException e) {
                throw new IllegalStateException(e);
            }
            System.arraycopy(digest, 0, key, done, length);
        }
    }
}
