package io.varve.evidence;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.List;

/// Reads stored bytes again and holds them against the digests of their parts.
public final class ReadBack {
    private static final int BUFFER = 1 << 20;

    private ReadBack() {}

    /// Checks that the parts follow each other without gap.
    ///
    /// @return their size together
    public static long contiguous(String name, List<ObjectStore.Part> parts) throws IOException {
        long end = 0;
        int next = 1;
        for (ObjectStore.Part part : parts) {
            if (part.number() != next || part.offset() != end) {
                throw new IOException("%s: part %d is missing, or does not begin at %d".formatted(name, next, end));
            }
            end += part.size();
            next++;
        }
        return end;
    }

    /// Hashes the stored bytes of an object.
    ///
    /// @param content all of them; not closed
    /// @throws DigestMismatchException when a part is not what it was
    public static ObjectStore.Stored check(String name, List<ObjectStore.Part> parts, InputStream content)
            throws IOException {
        long size = contiguous(name, parts);
        MessageDigest whole = Digest.sha256();
        byte[] buffer = new byte[Math.clamp(size, 1, BUFFER)];
        for (ObjectStore.Part part : parts) {
            MessageDigest digest = Digest.sha256();
            for (long left = part.size(); left > 0; ) {
                int count = content.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new EOFException("%s: part %d is not stored whole".formatted(name, part.number()));
                }
                digest.update(buffer, 0, count);
                whole.update(buffer, 0, count);
                left -= count;
            }
            Digest actual = Digest.finish(digest);
            if (!actual.equals(part.sha256())) {
                throw new DigestMismatchException(
                        "part %d of %s, read back".formatted(part.number(), name), part.sha256(), actual);
            }
        }
        if (content.read() >= 0) {
            throw new IOException("%s: more is stored than was sent".formatted(name));
        }
        return new ObjectStore.Stored(name, size, Digest.finish(whole), parts);
    }
}
