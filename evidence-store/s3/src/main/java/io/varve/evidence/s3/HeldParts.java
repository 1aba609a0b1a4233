package io.varve.evidence.s3;

import io.varve.evidence.Digest;
import io.varve.evidence.ObjectStore.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/// The bytes of held parts, one after the other, each opened when it is its turn.
final class HeldParts extends InputStream {
    private final S3Journal journal;
    private final ArrayDeque<Part> next;
    private Optional<InputStream> current = Optional.empty();

    HeldParts(S3Journal journal, List<Part> parts) {
        this.journal = journal;
        this.next = new ArrayDeque<>(parts);
    }

    /// What one part holds is known; of several it takes a reading.
    static Digest digest(S3Journal journal, List<Part> parts) throws IOException {
        if (parts.size() == 1) {
            return parts.getFirst().sha256();
        }
        MessageDigest digest = Digest.sha256();
        try (InputStream all = new DigestInputStream(new HeldParts(journal, parts), digest)) {
            all.transferTo(nullOutputStream());
        }
        return Digest.finish(digest);
    }

    private static OutputStream nullOutputStream() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
        while (true) {
            if (current.isEmpty()) {
                if (next.isEmpty()) {
                    return -1;
                }
                current = Optional.of(journal.held(next.remove()));
            }
            int count = current.get().read(target, start, length);
            if (count >= 0) {
                return count;
            }
            close();
        }
    }

    @Override
    public void close() throws IOException {
        if (current.isPresent()) {
            current.get().close();
        }
        current = Optional.empty();
    }
}
