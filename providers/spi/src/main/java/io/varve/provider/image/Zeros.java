package io.varve.provider.image;

import io.varve.evidence.Digest;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// An array of zeros that many compare with and copy from, and nobody writes to.
final class Zeros {
    private static final int PIECE = 1 << 20;
    private static final Map<Long, Digest> DIGESTS = new ConcurrentHashMap<>();
    private static volatile byte[] zeros = new byte[PIECE];

    private Zeros() {}

    /// Large parts of most disks were never written: their digest is calculated once.
    static Digest digest(long length) {
        return DIGESTS.computeIfAbsent(length, Zeros::calculated);
    }

    private static Digest calculated(long length) {
        MessageDigest digest = Digest.sha256();
        for (long left = length; left > 0; left -= PIECE) {
            digest.update(of(PIECE), 0, (int) Math.min(PIECE, left));
        }
        return Digest.finish(digest);
    }

    static byte[] of(int length) {
        if (zeros.length < length) {
            zeros = new byte[length];
        }
        return zeros;
    }
}
