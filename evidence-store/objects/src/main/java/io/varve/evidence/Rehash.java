package io.varve.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// Reads stored evidence back and holds it against its manifest, a slice at a time: the parts'
/// digests cover every byte, so a check that was interrupted goes on at the next part.
public final class Rehash {
    private static final int MOST_NAMED = 100;
    private static final int BUFFER = 1 << 18;

    private final CustodyLogs logs;

    public Rehash(CustodyLogs logs) {
        this.logs = logs;
    }

    /// @param part parts read so far: where the next slice begins
    /// @param bytes read by this slice
    /// @param bad what did not fit in this slice, in words; at most 100
    /// @param last whether there is nothing left to read
    public record Slice(int part, long bytes, List<String> bad, boolean last) {}

    /// Reads whole parts.
    ///
    /// @param from parts that were read before
    /// @param enough bytes after which the slice ends
    public Slice read(EvidenceKey evidence, Manifest manifest, int from, long enough) throws IOException {
        List<ObjectStore.Part> parts = manifest.object().parts();
        String name = manifest.sameBytesAs().orElse(evidence).object(Seal.DATA);
        var info = logs.store().info(name);
        if (info.isEmpty()) {
            return new Slice(parts.size(), 0, List.of("data is missing"), true);
        }
        var bad = new ArrayList<String>();
        if (from == 0 && info.get().size() != manifest.object().size()) {
            bad.add("data has %d bytes, the manifest says %d"
                    .formatted(info.get().size(), manifest.object().size()));
        }
        int next = from;
        long bytes = 0;
        while (next < parts.size() && bytes < enough) {
            ObjectStore.Part part = parts.get(next++);
            if (!digest(name, part).equals(part.sha256()) && bad.size() < MOST_NAMED) {
                bad.add("part %d (bytes %d to %d) was altered"
                        .formatted(part.number(), part.offset(), part.offset() + part.size() - 1));
            }
            bytes += part.size();
        }
        return new Slice(next, bytes, bad, next >= parts.size());
    }

    private Digest digest(String name, ObjectStore.Part part) throws IOException {
        var digest = Digest.sha256();
        try (InputStream in = logs.store().read(name, part.offset(), part.size())) {
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return Digest.finish(digest);
    }

    /// What does not fit besides the bytes: manifest, log, signatures, and what the witness has seen.
    public List<String> records(EvidenceKey evidence) throws IOException {
        var problems = new ArrayList<>(
                PackageVerifier.verifyRecords(logs.store(), evidence).problems());
        problems.addAll(logs.compare(evidence));
        return problems;
    }
}
