package io.varve.provider.collector.object;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.evidence.Lineage;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.archive.AssembledArchive;
import io.varve.provider.collector.archive.Outcome;
import io.varve.provider.collector.object.Bucket.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Captures the objects below a prefix: the latest version of each as a member `varve/objects/NAME` of a
/// capture archive, and a line for every version and every deletion in `varve/objects.jsonl.NNNNNN`. A part
/// of the archive holds some of them; after a crash the list goes on behind the last that is stored.
///
/// Steps: `bucket` (where it was found), `objects` (when it began), those of [AssembledArchive], `collected`.
public final class PrefixCapture {
    /// Name of the profile.
    public static final String PROFILE = "objects";

    private static final JsonMapper JSON = new JsonMapper();
    private static final String ARTIFACT = "CloudObject";
    private static final String BATCH = "objects ";
    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);

    private final CaptureContext context;
    private final Clock clock;
    private final Limits limits;

    /// @param objects most objects in all
    /// @param bytes of one object; larger ones are said and left
    /// @param partBytes after so many a part of the archive is stored
    /// @param partObjects after so many objects too
    /// @param parts most parts; stores allow 10,000
    public record Limits(int objects, long bytes, long partBytes, int partObjects, int parts) {
        public static final Limits USUAL = new Limits(200_000, 2L << 30, 64L << 20, 500, 9_000);
    }

    public PrefixCapture(CaptureContext context, Clock clock, Limits limits) {
        this.context = context;
        this.clock = clock;
        this.limits = limits;
    }

    /// What a capture asks of a cloud.
    ///
    /// @param scheme of the cloud's buckets
    /// @throws ProviderException REFUSED when it is no bucket of this cloud, or is to be captured in another way
    public static Prefix wanted(CaptureContext context, String scheme) throws ProviderException {
        if (!context.profile().equals(PROFILE)) {
            throw new ProviderException(Kind.REFUSED, "a bucket is captured with profile " + PROFILE);
        }
        Prefix wanted = Prefix.of(context.target(), scheme)
                .orElseThrow(() -> new ProviderException(
                        Kind.REFUSED, "%s is no address of this cloud, as %s://…".formatted(context.target(), scheme)));
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled before it began");
        }
        return wanted;
    }

    /// Where a bucket was found.
    ///
    /// @param text for people
    /// @param lineage for custody
    /// @param cloud by the cloud's own words, for `varve/capture.json`
    public record Where(String text, Lineage lineage, Map<String, String> cloud) {}

    /// @param prefix empty for the whole bucket
    public void run(Bucket bucket, String prefix, Where where) throws ProviderException, InterruptedException {
        try {
            if (context.step("bucket").isEmpty()) {
                context.custody("bucket.found", "%s in %s".formatted(bucket.text(), where.text()), where.lineage());
                context.completed("bucket", where.text());
            }
            run(bucket, prefix, where.cloud());
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, "the capture cannot be stored: " + e.getMessage());
        }
    }

    private void run(Bucket bucket, String prefix, Map<String, String> cloud)
            throws ProviderException, InterruptedException, IOException {
        if (context.step("collected").isPresent()) {
            return;
        }
        if (context.step("objects").isEmpty()) {
            context.completed("objects", clock.instant().toString());
        }
        Instant began = Instant.parse(context.step("objects").orElseThrow());
        var archive = new AssembledArchive(context, began);
        if (!archive.has("statement")) {
            try (AssembledArchive.Part part = archive.begin()) {
                part.json("varve/capture.json", statement(bucket, prefix, cloud, began));
                part.store("statement");
            }
        }
        if (!archive.has("listed")) {
            try (var batches = new Batches(archive, bucket, began)) {
                bucket.list(prefix, batches.last(), batches::add);
                batches.finish();
            }
        }
        if (!archive.has("end")) {
            context.custody(
                    "objects.collected",
                    "%s/%s: %d objects"
                            .formatted(
                                    bucket.text(),
                                    prefix,
                                    archive.outcomes().stream()
                                            .filter(outcome -> outcome.status().equals("collected"))
                                            .count()));
            archive.finish(footprint(began));
        }
        context.progress(archive.bytes(), archive.bytes(), "all objects are here");
        context.completed(
                "collected", "%d parts, %d bytes".formatted(archive.labels().size(), archive.bytes()));
    }

    private Map<String, Object> statement(Bucket bucket, String prefix, Map<String, String> cloud, Instant began) {
        var capture = new LinkedHashMap<String, Object>();
        capture.put("schema", "varve.capture/1");
        capture.put("capture", context.capture());
        capture.put("profile", context.profile());
        capture.put("host", Map.of("name", bucket.text()));
        capture.put("cloud", new TreeMap<>(cloud));
        capture.put("prefix", prefix);
        capture.put("started", began.toString());
        return capture;
    }

    private static Map<String, Object> footprint(Instant began) {
        var footprint = new LinkedHashMap<String, Object>();
        footprint.put("written", List.of());
        footprint.put("processes_started", List.of());
        footprint.put("network", List.of());
        footprint.put("ended", began.toString());
        return footprint;
    }

    /// Puts objects into parts. All versions of one name are in one part, so that a name is where a list can go on.
    private final class Batches implements AutoCloseable {
        private final AssembledArchive archive;
        private final Bucket bucket;
        private final Instant began;
        private final StringBuilder lines = new StringBuilder();
        /// Members that parts hold already, or say why not.
        private final Set<String> stored;

        private Optional<AssembledArchive.Part> part = Optional.empty();
        private String name = "";
        private long bytes;
        private int objects;
        private int before;

        private Batches(AssembledArchive archive, Bucket bucket, Instant began) {
            this.archive = archive;
            this.bucket = bucket;
            this.began = began;
            this.stored = archive.outcomes().stream()
                    .filter(outcome -> outcome.artifact().equals(ARTIFACT))
                    .map(Outcome::path)
                    .collect(Collectors.toSet());
            this.before = stored.size();
        }

        /// The name that the stored parts end with.
        private String last() {
            return archive.labels().stream()
                    .filter(label -> label.startsWith(BATCH))
                    .reduce((_, later) -> later)
                    .map(label -> label.substring(BATCH.length()))
                    .orElse("");
        }

        private boolean add(Version version) throws ProviderException, InterruptedException, IOException {
            proceed();
            boolean isNew = !version.name().equals(name);
            if (isNew && stored.contains(member(version.name()))) {
                // a bucket may not be able to go on where the list broke off
                return true;
            }
            if (isNew && (bytes >= limits.partBytes() || objects >= limits.partObjects())) {
                store();
            }
            boolean isFull =
                    before + objects >= limits.objects() || archive.labels().size() >= limits.parts();
            if (isNew && isFull) {
                begun().outcome(Outcome.failed(
                        "%s from %s on".formatted(bucket.text(), version.name()),
                        ARTIFACT,
                        "more than %d objects or %d parts".formatted(limits.objects(), limits.parts())));
                return false;
            }
            name = version.name();
            AssembledArchive.Part to = begun();
            String member = "";
            if (version.isLatest() && !version.isDeletion()) {
                objects++;
                member = member(version.name());
                Outcome outcome = fetched(to, version, member);
                to.outcome(outcome);
                member = outcome.status().equals("collected") ? member : "";
            }
            lines.append(line(version, member)).append('\n');
            return true;
        }

        private AssembledArchive.Part begun() throws IOException {
            if (part.isEmpty()) {
                part = Optional.of(archive.begin());
            }
            return part.get();
        }

        private Outcome fetched(AssembledArchive.Part to, Version version, String member)
                throws ProviderException, InterruptedException, IOException {
            if (version.size() > limits.bytes()) {
                return Outcome.failed(member, ARTIFACT, "%d bytes: larger than is taken".formatted(version.size()));
            }
            context.progress(
                    archive.bytes() + bytes, 0, "%d objects, at %s".formatted(before + objects, version.name()));
            Path file = Files.createTempFile(archive.scratch(), "object", "");
            try {
                try (InputStream in = bucket.open(version);
                        OutputStream out = Files.newOutputStream(file)) {
                    copy(in, out, version);
                }
                bytes += version.size();
                return Outcome.collected(
                        member,
                        ARTIFACT,
                        to.member(member, file, version.modified()).hex());
            } catch (ProviderException e) {
                if (e.kind() == Kind.REFUSED || e.kind() == Kind.FORBIDDEN || e.kind() == Kind.NOT_FOUND) {
                    return Outcome.failed(member, ARTIFACT, e.reason());
                }
                throw e;
            } finally {
                Files.deleteIfExists(file);
            }
        }

        private static void copy(InputStream in, OutputStream out, Version version)
                throws ProviderException, IOException {
            byte[] buffer = new byte[1 << 16];
            long size = 0;
            for (int count = read(in, buffer, version); count >= 0; count = read(in, buffer, version)) {
                size += count;
                if (size > version.size()) {
                    break;
                }
                out.write(buffer, 0, count);
            }
            if (size != version.size()) {
                throw broken(
                        version,
                        "%s than its %d bytes came".formatted(size > version.size() ? "more" : "less", version.size()));
            }
        }

        private static int read(InputStream in, byte[] buffer, Version version) throws ProviderException {
            try {
                return in.read(buffer);
            } catch (IOException e) {
                throw e.getCause() instanceof ProviderException refused
                        ? refused
                        : broken(version, String.valueOf(e.getMessage()));
            }
        }

        private static ProviderException broken(Version version, String how) {
            return new ProviderException(
                    Kind.FAILED, "reading %s broke off: %s".formatted(version.name(), how), Optional.of(TRY_AGAIN));
        }

        private void store() throws IOException {
            AssembledArchive.Part full = begun();
            full.member(
                    "varve/objects.jsonl.%06d".formatted(archive.labels().size()),
                    lines.toString().getBytes(StandardCharsets.UTF_8));
            full.store(BATCH + name);
            full.close();
            part = Optional.empty();
            lines.setLength(0);
            before += objects;
            objects = 0;
            bytes = 0;
        }

        private void finish() throws IOException {
            if (!lines.isEmpty()) {
                store();
            }
            AssembledArchive.Part end = begun();
            end.json("varve/listed.json", Map.of("bucket", bucket.text(), "began", began.toString()));
            end.store("listed");
        }

        @Override
        public void close() throws IOException {
            if (part.isPresent()) {
                part.get().close();
            }
        }
    }

    private static String line(Version version, String member) {
        ObjectNode line = JSON.createObjectNode()
                .put("name", version.name())
                .put("version", version.id())
                .put("size", version.size())
                .put("modified", version.modified().toString())
                .put("latest", version.isLatest())
                .put("deletion", version.isDeletion());
        new TreeMap<>(version.facts()).forEach(line::put);
        if (!member.isEmpty()) {
            line.put("member", member);
        }
        return line.toString();
    }

    /// Names of objects are anything: what has a meaning in a path is written `%XX`, and `%` itself `%25`.
    static String member(String name) {
        var path = new StringBuilder("varve/objects");
        for (String segment : name.split("/", -1)) {
            String plain = segment.replace("%", "%25");
            if (plain.isEmpty()) {
                plain = "%2F";
            } else if (plain.equals(".") || plain.equals("..")) {
                plain = plain.replace(".", "%2E");
            }
            path.append('/');
            plain.codePoints().forEach(c -> {
                if (c < 0x20 || c == 0x7f || c == '\\' || c == '!') {
                    path.append("%%%02X".formatted(c));
                } else {
                    path.appendCodePoint(c);
                }
            });
        }
        return path.toString();
    }

    private void proceed() throws ProviderException {
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled");
        }
        if (!clock.instant().isBefore(context.deadline())) {
            throw new ProviderException(Kind.REFUSED, "not done by " + context.deadline());
        }
    }
}
