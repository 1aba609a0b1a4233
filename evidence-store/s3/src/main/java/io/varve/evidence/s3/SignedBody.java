package io.varve.evidence.s3;

import io.varve.evidence.Digest;
import io.varve.evidence.DigestMismatchException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/// Bytes on their way whose digest is announced, and signed, before they are sent: neither side keeps other ones. They
/// are passed on as they come, never held.
class SignedBody extends RequestBody {
    private static final int BUFFER = 128 << 10;

    /// Opens the bytes from their start.
    @FunctionalInterface
    interface Source {
        InputStream open() throws IOException;
    }

    private final String what;
    private final Source source;
    private final long length;
    private final Digest sha256;
    private final Again again;
    private volatile boolean broken;
    private volatile int sent = 0;

    /// Whether the source can be opened more than once.
    enum Again {
        YES,
        NO
    }

    /// @param what names the bytes in errors
    SignedBody(String what, Source source, long length, Digest sha256, Again again) {
        this.what = what;
        this.source = source;
        this.length = length;
        this.sha256 = sha256;
        this.again = again;
    }

    static SignedBody of(String what, byte[] content) {
        return new SignedBody(
                what, () -> new ByteArrayInputStream(content), content.length, Digest.of(content), Again.YES);
    }

    /// Whether sending it once more may help: not when its own bytes are wrong.
    boolean repeatable() {
        return again == Again.YES && !broken;
    }

    boolean sentBefore() {
        return sent > 1;
    }

    Digest sha256() {
        return sha256;
    }

    @Override
    public @Nullable MediaType contentType() {
        return null;
    }

    @Override
    public long contentLength() {
        return length;
    }

    /// Only [S3Client] repeats a request.
    @Override
    public boolean isOneShot() {
        return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        sent = sent + 1;
        MessageDigest digest = Digest.sha256();
        byte[] buffer = new byte[Math.clamp(length, 1, BUFFER)];
        try (InputStream content = source.open()) {
            for (long left = length; left > 0; ) {
                int count = content.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
                if (count == 0) {
                    broken = true;
                    throw new EOFException("%s ended after %d of %d bytes".formatted(what, length - left, length));
                }
                digest.update(buffer, 0, count);
                left -= count;
                if (left == 0) {
                    require(digest);
                }
                sink.write(buffer, 0, count);
            }
        }
    }

    /// Before the last bytes go: a target that checks nothing then has no whole body either.
    private void require(MessageDigest digest) throws DigestMismatchException {
        Digest actual = Digest.finish(digest);
        if (!actual.equals(sha256)) {
            broken = true;
            throw new DigestMismatchException(what, sha256, actual);
        }
    }
}
