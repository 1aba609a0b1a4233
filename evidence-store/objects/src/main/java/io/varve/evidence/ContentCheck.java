package io.varve.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/// Reads every byte of the evidence and holds it against the manifest, part by part.
final class ContentCheck {
    private static final int BUFFER = 1 << 20;

    private final Problems problems;

    ContentCheck(Problems problems) {
        this.problems = problems;
    }

    /// @return bytes read
    long check(PackageFiles files, Manifest manifest) throws IOException {
        try (InputStream in = files.data(manifest)) {
            return check(in, manifest.object());
        }
    }

    private long check(InputStream in, Manifest.Content object) throws IOException {
        MessageDigest whole = Digest.sha256();
        long read = 0;
        for (ObjectStore.Part part : object.parts()) {
            if (part.offset() != read) {
                problems.add("part %d begins at %d, expected %d".formatted(part.number(), part.offset(), read));
            }
            MessageDigest digest = Digest.sha256();
            long count = copy(in, part.size(), digest, whole);
            read += count;
            if (count < part.size()) {
                problems.add("data ends at byte %d of %d, in part %d".formatted(read, object.size(), part.number()));
                return read;
            }
            if (!Digest.finish(digest).equals(part.sha256())) {
                problems.add("part %d (bytes %d to %d) was altered"
                        .formatted(part.number(), part.offset(), part.offset() + part.size() - 1));
            }
        }
        if (in.read() >= 0) {
            problems.add("data is longer than the %d bytes of the manifest".formatted(object.size()));
        }
        if (read != object.size() || !Digest.finish(whole).equals(object.sha256())) {
            problems.add("data does not have the SHA-256 of the manifest, " + object.sha256());
        }
        return read;
    }

    private static long copy(InputStream in, long length, MessageDigest part, MessageDigest whole) throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(1, length))];
        long done = 0;
        while (done < length) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, length - done));
            if (count < 0) {
                break;
            }
            part.update(buffer, 0, count);
            whole.update(buffer, 0, count);
            done += count;
        }
        return done;
    }
}
