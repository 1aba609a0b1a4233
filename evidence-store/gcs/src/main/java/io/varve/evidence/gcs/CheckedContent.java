package io.varve.evidence.gcs;

import io.varve.evidence.Digest;
import io.varve.evidence.DigestMismatchException;
import io.varve.evidence.ObjectStore.Part;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/// The bytes of a part as they are read to be sent: one less, or another one, is an error before the last of them is
/// handed on.
final class CheckedContent extends InputStream {
    private final String what;
    private final InputStream content;
    private final Part part;
    private final MessageDigest digest = Digest.sha256();
    private long left;

    CheckedContent(String what, InputStream content, Part part) {
        this.what = what;
        this.content = content;
        this.part = part;
        this.left = part.size();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = content.readNBytes(target, start, (int) Math.min(length, left));
        if (count == 0 && length > 0) {
            throw new EOFException("%s ended after %d of %d bytes".formatted(what, part.size() - left, part.size()));
        }
        digest.update(target, start, count);
        left -= count;
        if (left == 0) {
            Digest actual = Digest.finish(digest);
            if (!actual.equals(part.sha256())) {
                throw new DigestMismatchException(what, part.sha256(), actual);
            }
        }
        return count;
    }
}
