package io.varve.provider.collector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.varve.evidence.Digest;
import io.varve.evidence.ObjectStore;
import io.varve.provider.CaptureContext;
import io.varve.provider.collector.archive.TarHeader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// The capture archive of files fetched one by one, put together here: each part of the upload is one gzip member.
///
/// Before a part is stored, its outcomes are kept as a step that names the part's digest, so that after a crash it is
/// known what the stored parts hold.
final class PlainArchive {
    private static final JsonMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();
    /// The archive's last member; its outcome is kept with the last part only, as a mark.
    private static final String LAST = "varve/parts.sha256";

    private static final int MOST_TRIES = 1_000;

    private final CaptureContext context;
    private final ObjectStore.Upload upload;
    private final Clock clock;
    private final Path part;
    private final Map<String, PlainOutcome> outcomes = new LinkedHashMap<>();
    private final List<PlainOutcome> fresh = new ArrayList<>();
    private OutputStream tar;
    private DigestOutputStream hashed;

    PlainArchive(CaptureContext context, Clock clock, Path scratch) throws IOException {
        this.context = context;
        this.upload = context.upload();
        this.clock = clock;
        this.part = scratch.resolve("part.gz");
        for (ObjectStore.Part stored : upload.parts()) {
            kept(stored).forEach(outcome -> outcomes.put(outcome.path(), outcome));
        }
        this.hashed = new DigestOutputStream(Files.newOutputStream(part), Digest.sha256());
        this.tar = new GZIPOutputStream(new BufferedOutputStream(hashed));
    }

    int parts() {
        return upload.parts().size();
    }

    long bytes() {
        return upload.parts().stream().mapToLong(ObjectStore.Part::size).sum();
    }

    Map<String, PlainOutcome> outcomes() {
        return outcomes;
    }

    void outcome(PlainOutcome outcome) {
        if (outcomes.putIfAbsent(outcome.path(), outcome) == null) {
            fresh.add(outcome);
        }
    }

    void member(String name, byte[] content) throws IOException {
        tar.write(TarHeader.ours(name, content.length, clock.instant()).bytes());
        tar.write(content);
        tar.write(new byte[TarHeader.padding(content.length)]);
    }

    void json(String name, Object value) throws IOException {
        member(name, (JSON.writeValueAsString(value) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /// A file of the host; its times and owner are not known here.
    ///
    /// @return digest of its bytes
    Digest file(String path, Path content) throws IOException {
        return member("fs" + path, content);
    }

    /// @return digest of its bytes
    Digest member(String name, Path content) throws IOException {
        long size = Files.size(content);
        tar.write(TarHeader.ours(name, size, java.time.Instant.EPOCH).bytes());
        var digest = Digest.sha256();
        try (InputStream in = Files.newInputStream(content)) {
            byte[] chunk = new byte[1 << 16];
            long left = size;
            while (left > 0) {
                int count = in.read(chunk, 0, (int) Math.min(chunk.length, left));
                if (count < 0) {
                    throw new IOException(content + " shrank while it was read");
                }
                digest.update(chunk, 0, count);
                tar.write(chunk, 0, count);
                left -= count;
            }
        }
        tar.write(new byte[TarHeader.padding(size)]);
        return Digest.finish(digest);
    }

    /// Ends the part and stores it.
    void cut() throws IOException {
        tar.close();
        Digest digest = Digest.finish(hashed.getMessageDigest());
        int number = parts() + 1;
        keep(number, digest);
        try (InputStream in = Files.newInputStream(part)) {
            upload.part(number, bytes(), digest, in, Files.size(part));
        }
        fresh.clear();
        hashed = new DigestOutputStream(Files.newOutputStream(part), Digest.sha256());
        tar = new GZIPOutputStream(new BufferedOutputStream(hashed));
    }

    /// True when all of it is stored.
    boolean finished() {
        return outcomes.containsKey(LAST);
    }

    /// Outcomes, footprint, digests of the parts, and the end of the archive.
    void finish(Object footprint) throws IOException {
        var lines = new StringBuilder();
        for (PlainOutcome outcome : outcomes.values()) {
            lines.append(JSON.writeValueAsString(outcome)).append('\n');
        }
        member("varve/outcomes.jsonl", lines.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        json("varve/footprint.json", footprint);
        var parts = new StringBuilder();
        upload.parts()
                .forEach(stored -> parts.append("%d %d %s\n"
                        .formatted(
                                stored.number(), stored.size(), stored.sha256().hex())));
        member(LAST, parts.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        tar.write(new byte[2 * TarHeader.BLOCK]);
        outcome(PlainOutcome.missing(LAST, "the end of the archive"));
        cut();
    }

    private void keep(int number, Digest digest) throws JsonProcessingException {
        String result = digest.hex() + " " + JSON.writeValueAsString(fresh);
        for (int attempt = 1; attempt <= MOST_TRIES; attempt++) {
            if (context.step(step(number, attempt)).isEmpty()) {
                context.completed(step(number, attempt), result);
                return;
            }
        }
        throw new IllegalStateException("part %d was made %d times".formatted(number, MOST_TRIES));
    }

    private List<PlainOutcome> kept(ObjectStore.Part stored) throws IOException {
        for (int attempt = 1; attempt <= MOST_TRIES; attempt++) {
            String result = context.step(step(stored.number(), attempt)).orElse("");
            if (result.startsWith(stored.sha256().hex() + " ")) {
                return JSON.readValue(result.substring(65), new TypeReference<List<PlainOutcome>>() {});
            }
        }
        throw new IOException("nothing is known of stored part " + stored.number());
    }

    private static String step(int number, int attempt) {
        return "plain.%05d.%d".formatted(number, attempt);
    }
}
