package io.varve.provider.collector.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.evidence.Digest;
import io.varve.evidence.ObjectStore;
import io.varve.provider.CaptureContext;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/// A capture archive that is put together here, of what was asked for: each part of the upload is one gzip member.
///
/// Before a part is stored, what it holds is kept as a step that names the part's digest, so that after a crash it is
/// known what the stored parts hold and none of it is asked for again. The same content makes the same part.
public final class AssembledArchive {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    private static final int MOST_TRIES = 1_000;
    private static final int SHA256_DIGITS = 64;

    private final CaptureContext context;
    private final ObjectStore.Upload upload;
    private final Instant at;
    private final Path scratch;
    private final List<Kept> stored = new ArrayList<>();

    /// What a part holds.
    ///
    /// @param label unique in the archive
    record Kept(String label, List<Outcome> outcomes) {}

    /// @param at time of all members
    public AssembledArchive(CaptureContext context, Instant at) throws IOException {
        this.context = context;
        this.upload = context.upload();
        this.at = at;
        this.scratch = context.scratch();
        for (ObjectStore.Part part : upload.parts()) {
            stored.add(kept(part));
        }
    }

    /// Labels of the parts that are stored, in their order.
    public List<String> labels() {
        return stored.stream().map(Kept::label).toList();
    }

    public boolean has(String label) {
        return stored.stream().anyMatch(part -> part.label().equals(label));
    }

    public List<Outcome> outcomes() {
        return stored.stream().flatMap(part -> part.outcomes().stream()).toList();
    }

    public long bytes() {
        return upload.parts().stream().mapToLong(ObjectStore.Part::size).sum();
    }

    public Path scratch() {
        return scratch;
    }

    /// A part being made.
    public final class Part implements AutoCloseable {
        private final Path file;
        private final DigestOutputStream hashed;
        private final OutputStream tar;
        private final Map<String, Outcome> outcomes = new LinkedHashMap<>();

        private Part() throws IOException {
            file = Files.createTempFile(scratch, "part", ".gz");
            hashed = new DigestOutputStream(Files.newOutputStream(file), Digest.sha256());
            tar = new GZIPOutputStream(new BufferedOutputStream(hashed));
        }

        /// @return digest of the content
        public Digest member(String name, byte[] content) throws IOException {
            tar.write(TarHeader.ours(name, content.length, at).bytes());
            tar.write(content);
            tar.write(new byte[TarHeader.padding(content.length)]);
            return Digest.of(content);
        }

        public Digest json(String name, Object value) throws IOException {
            return member(name, (JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8));
        }

        public Digest member(String name, Path content) throws IOException {
            return member(name, content, at);
        }

        /// @param modified the member's time
        public Digest member(String name, Path content, Instant modified) throws IOException {
            long size = Files.size(content);
            tar.write(TarHeader.ours(name, size, modified).bytes());
            var digest = Digest.sha256();
            try (InputStream in = Files.newInputStream(content)) {
                byte[] chunk = new byte[1 << 16];
                for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                    digest.update(chunk, 0, count);
                    tar.write(chunk, 0, count);
                }
            }
            tar.write(new byte[TarHeader.padding(size)]);
            return Digest.finish(digest);
        }

        public void outcome(Outcome outcome) {
            outcomes.putIfAbsent(outcome.path(), outcome);
        }

        /// Stores the part under this label.
        public void store(String label) throws IOException {
            tar.close();
            Digest digest = Digest.finish(hashed.getMessageDigest());
            int number = stored.size() + 1;
            var kept = new Kept(label, List.copyOf(outcomes.values()));
            keep(number, digest, kept);
            try (InputStream in = Files.newInputStream(file)) {
                upload.part(number, bytes(), digest, in, Files.size(file));
            }
            stored.add(kept);
        }

        @Override
        public void close() throws IOException {
            tar.close();
            Files.deleteIfExists(file);
        }
    }

    public Part begin() throws IOException {
        return new Part();
    }

    /// Outcomes, digests of the parts, and the end of the archive.
    public void finish(Object footprint) throws IOException {
        try (Part part = begin()) {
            var lines = new StringBuilder();
            for (Outcome outcome : outcomes()) {
                lines.append(JSON.writeValueAsString(outcome)).append('\n');
            }
            part.member("varve/outcomes.jsonl", lines.toString().getBytes(StandardCharsets.UTF_8));
            part.json("varve/footprint.json", footprint);
            var parts = new StringBuilder();
            upload.parts()
                    .forEach(one -> parts.append("%d %d %s\n"
                            .formatted(one.number(), one.size(), one.sha256().hex())));
            part.member("varve/parts.sha256", parts.toString().getBytes(StandardCharsets.US_ASCII));
            part.tar.write(new byte[2 * TarHeader.BLOCK]);
            part.store("end");
        }
    }

    private void keep(int number, Digest digest, Kept kept) throws JsonProcessingException {
        String result = digest.hex() + " " + JSON.writeValueAsString(kept);
        for (int attempt = 1; attempt <= MOST_TRIES; attempt++) {
            Optional<String> before = context.step(step(number, attempt));
            if (before.isEmpty()) {
                context.completed(step(number, attempt), result);
            }
            if (before.isEmpty() || before.get().equals(result)) {
                return;
            }
        }
        throw new IllegalStateException("part %d was made %d times".formatted(number, MOST_TRIES));
    }

    private Kept kept(ObjectStore.Part part) throws IOException {
        for (int attempt = 1; attempt <= MOST_TRIES; attempt++) {
            Optional<String> result = context.step(step(part.number(), attempt));
            if (result.isPresent() && result.get().startsWith(part.sha256().hex() + " ")) {
                return JSON.readValue(result.get().substring(SHA256_DIGITS + 1), Kept.class);
            }
        }
        throw new IOException("nothing is known of stored part " + part.number());
    }

    private static String step(int number, int attempt) {
        return "part.%05d.%d".formatted(number, attempt);
    }
}
