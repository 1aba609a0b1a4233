package io.varve.provider.collector;

import io.varve.evidence.Digest;
import io.varve.evidence.DigestMismatchException;
import io.varve.evidence.ObjectStore;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Channel.RemoteFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Brings finished parts from the host into the upload, each only with the digest the host states for it. A part that
/// is stored is not fetched again, whatever happens in between.
final class PartFetch {
    /// A part that arrived this often with other bytes than the host states is given up.
    private static final int MOST_FETCHES = 3;

    private final Channel channel;
    private final CaptureContext context;
    private final ObjectStore.Upload upload;
    private final Map<Integer, Integer> mismatches = new LinkedHashMap<>();

    PartFetch(Channel channel, CaptureContext context, ObjectStore.Upload upload) {
        this.channel = channel;
        this.context = context;
        this.upload = upload;
    }

    /// Parts stored so far: they are those numbered from 1 on, without gap.
    int stored() {
        return upload.parts().size();
    }

    long storedBytes() {
        return upload.parts().stream().mapToLong(ObjectStore.Part::size).sum();
    }

    /// Fetches these parts, the first of which follows the last stored one.
    void fetch(List<CollectorState.Part> parts, Function<CollectorState.Part, RemoteFile> where)
            throws ProviderException, InterruptedException, IOException {
        var wanted = new LinkedHashMap<String, CollectorState.Part>();
        var files = new ArrayList<RemoteFile>();
        for (CollectorState.Part part : parts) {
            RemoteFile file = where.apply(part);
            wanted.put(file.path(), part);
            files.add(file);
        }
        channel.fetch(files, (file, local) -> {
            CollectorState.Part part = wanted.get(file.path());
            if (part == null) {
                throw new ProviderException(Kind.FAILED, "the vendor sent a file nobody asked for: " + file.path());
            }
            store(part, local);
        });
    }

    private void store(CollectorState.Part part, Path local) throws ProviderException, IOException {
        if (part.number() != stored() + 1) {
            // An earlier part of the same fetch arrived damaged: this one comes again behind it.
            return;
        }
        long size = Files.size(local);
        try (InputStream bytes = Files.newInputStream(local)) {
            if (size == part.size()) {
                upload.part(part.number(), storedBytes(), part.sha256(), bytes, size);
                context.progress(
                        storedBytes(), 0, "part %d is here, %,d bytes in all".formatted(part.number(), storedBytes()));
                return;
            }
        } catch (DigestMismatchException e) {
            // told below, with the size when that is what differs
        }
        mismatch(part, local, size);
    }

    private void mismatch(CollectorState.Part part, Path local, long size) throws ProviderException, IOException {
        int times = mismatches.merge(part.number(), 1, Integer::sum);
        Digest arrived = digest(local);
        context.custody(
                "part.mismatch",
                "part %d, time %d: the host states %d bytes with SHA-256 %s, %d bytes with %s arrived"
                        .formatted(part.number(), times, part.size(), part.sha256(), size, arrived));
        if (times >= MOST_FETCHES) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "part %d arrived %d times with other bytes than the host states (SHA-256 %s)"
                            .formatted(part.number(), times, part.sha256()));
        }
    }

    private static Digest digest(Path file) throws IOException {
        MessageDigest sha256 = Digest.sha256();
        try (var bytes = new DigestInputStream(Files.newInputStream(file), sha256)) {
            bytes.transferTo(OutputStream.nullOutputStream());
        }
        return Digest.finish(sha256);
    }
}
