package io.varve.evidence.s3;

import io.minio.http.Method;
import io.varve.evidence.Digest;
import io.varve.evidence.Feature;
import io.varve.evidence.Retention;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.Response;

/// Finds out what a target understands by trying it on small objects below `.probe/`, which it removes again.
///
/// Products that call themselves compatible differ, and their releases differ: what is not tried is not believed.
public final class S3Probe {
    private static final int WRITERS = 6;
    /// A target whose condition is not atomic passes some of them.
    private static final int RACES = 20;
    /// Some targets let losers wait for seconds.
    private static final int RACES_AT_ONCE = 10;
    private static final Duration SHORT = Duration.ofSeconds(20);
    private static final byte[] CONTENT = "probe".getBytes(StandardCharsets.UTF_8);

    private final S3Client client;
    private final S3Target target;
    private final S3Objects objects;
    private final String folder;

    private S3Probe(S3Client client, S3Target target) {
        this.client = client;
        this.target = target;
        this.objects = new S3Objects(client, target, S3Dialect.NOTHING);
        this.folder = target.prefix() + ".probe/" + UUID.randomUUID() + "/";
    }

    /// @throws IOException when the target cannot be used at all: it is not there, refuses the key, or does not keep
    /// what
    /// it is given
    public static S3Dialect run(S3Target target) throws IOException {
        try (S3Client client = S3Client.of(target)) {
            return new S3Probe(client, target).run();
        }
    }

    private S3Dialect run() throws IOException {
        requireUsable();
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        add(features, Feature.CONDITIONAL_CREATE, this::createsOnce);
        add(features, Feature.DIGESTS_CHECKED, this::refusesOtherBytes);
        add(features, Feature.DIGESTS_KEPT, this::keepsDigests);
        add(features, Feature.CONDITIONAL_COMPLETE, () -> completesOnce(features.contains(Feature.DIGESTS_KEPT)));
        add(features, Feature.SIGNATURES_CHECKED, this::refusesOtherKeys);
        if (answers("versioning").contains("<Status>Enabled</Status>")) {
            features.add(Feature.VERSIONS);
        }
        if (features.contains(Feature.VERSIONS) && answers("object-lock").contains("Enabled")) {
            add(features, Feature.RETENTION, this::keepsRetained);
            add(features, Feature.LEGAL_HOLD, this::keepsHeld);
        }
        return new S3Dialect(features, listsUploads(), readsRanges());
    }

    private interface Try {
        boolean works() throws IOException;
    }

    private static void add(Set<Feature> features, Feature feature, Try attempt) throws IOException {
        if (works(attempt)) {
            features.add(feature);
        }
    }

    /// A refusal, or an answer that makes no sense, is a no; a target that cannot be reached is an error.
    private static boolean works(Try attempt) throws IOException {
        try {
            return attempt.works();
        } catch (S3Error e) {
            return false;
        }
    }

    private void requireUsable() throws IOException {
        String key = folder + "usable";
        put(key, Map.of());
        try (InputStream in = objects.read(key, 0, Long.MAX_VALUE)) {
            if (!Digest.of(in.readAllBytes()).equals(Digest.of(CONTENT))) {
                throw new IOException("%s gives back other bytes than it was given".formatted(target));
            }
        }
        objects.discard(key);
        if (objects.head(key).isPresent()) {
            throw new IOException("%s does not remove an object".formatted(target));
        }
    }

    private void put(String key, Map<String, String> headers) throws IOException {
        objects.put(key, SignedBody.of(key, CONTENT), headers);
    }

    private boolean createsOnce() throws IOException {
        String key = folder + "once";
        put(key, S3Objects.onlyIfAbsent());
        try {
            return refused(() -> put(key, S3Objects.onlyIfAbsent())) && alwaysOneOfMany();
        } finally {
            objects.discard(key);
        }
    }

    private boolean alwaysOneOfMany() throws IOException {
        for (int race = 0; race < RACES; race += RACES_AT_ONCE) {
            List<Callable<Boolean>> races = new ArrayList<>();
            for (int i = race; i < race + RACES_AT_ONCE; i++) {
                String key = folder + "race" + i;
                races.add(() -> oneOfMany(key));
            }
            if (atOnce(races).contains(false)) {
                return false;
            }
        }
        return true;
    }

    private boolean oneOfMany(String key) throws IOException {
        Callable<Boolean> put = () -> !refused(() -> put(key, S3Objects.onlyIfAbsent()));
        try {
            List<Boolean> won = atOnce(Collections.nCopies(WRITERS, put));
            return Collections.frequency(won, true) == 1;
        } finally {
            objects.discard(key);
        }
    }

    private static <T> List<T> atOnce(List<Callable<T>> calls) throws IOException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(calls)) {
                results.add(result.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (ExecutionException e) {
            throw S3Client.failure("create at once", e.getCause() == null ? e : e.getCause());
        }
    }

    private interface Request {
        void send() throws IOException;
    }

    private static boolean refused(Request request) throws IOException {
        try {
            request.send();
            return false;
        } catch (S3Error e) {
            if (e.status() >= 500) {
                throw e;
            }
            return true;
        }
    }

    /// The digest is signed with the request: a target that checks it refuses other bytes, whoever changed them.
    private boolean refusesOtherBytes() throws IOException {
        String key = folder + "other";
        var body =
                new SignedBody(
                        key,
                        () -> new ByteArrayInputStream(CONTENT),
                        CONTENT.length,
                        Digest.of(new byte[1]),
                        SignedBody.Again.NO) {
                    @Override
                    public void writeTo(okio.BufferedSink sink) throws IOException {
                        sink.write(CONTENT);
                    }
                };
        boolean refused = refused(() -> objects.put(key, body, Map.of()));
        objects.discard(key);
        return refused;
    }

    private boolean keepsDigests() throws IOException {
        String key = folder + "digest";
        put(key, S3Objects.checksum(Digest.of(CONTENT)));
        boolean kept = objects.head(key).flatMap(S3Objects.Head::sha256).isPresent();
        objects.discard(key);
        if (!kept) {
            return false;
        }
        Multipart multipart = multipart(key, true);
        String id = multipart.begin();
        try {
            multipart.send(id, 1, SignedBody.of(key, CONTENT));
            return multipart.sent(id).orElse(Map.of()).values().stream()
                    .allMatch(sent -> sent.sha256().isPresent());
        } finally {
            multipart.abort(id);
        }
    }

    private Multipart multipart(String key, boolean digestsKept) {
        Set<Feature> features = EnumSet.of(Feature.CONDITIONAL_COMPLETE);
        if (digestsKept) {
            features.add(Feature.DIGESTS_KEPT);
        }
        return new Multipart(client, objects, new S3Dialect(features, true, true), key);
    }

    /// Also that an upload on no taken name is let through under the same condition.
    private boolean completesOnce(boolean digestsKept) throws IOException {
        String key = folder + "complete";
        try {
            return !refused(() -> complete(key, digestsKept)) && refused(() -> complete(key, digestsKept));
        } finally {
            objects.discard(key);
        }
    }

    private void complete(String key, boolean digestsKept) throws IOException {
        Multipart multipart = multipart(key, digestsKept);
        String id = multipart.begin();
        try {
            multipart.complete(id, List.of(multipart.send(id, 1, SignedBody.of(key, CONTENT))));
        } catch (S3Error e) {
            multipart.abort(id);
            throw e;
        }
    }

    private boolean refusesOtherKeys() throws IOException {
        S3Target stranger = target.withSecret(target.secretKey() + "x");
        try (S3Client other = S3Client.of(stranger)) {
            return refused(() -> new S3Objects(other, stranger, S3Dialect.NOTHING).head(folder + "stranger"));
        }
    }

    /// What the bucket says of itself; empty when it does not.
    private String answers(String question) throws IOException {
        try (Response answer = client.call(Method.GET, "", Map.of(), Map.of(question, ""), Optional.empty())) {
            return answer.body().string();
        } catch (S3Error e) {
            return "";
        }
    }

    /// The object stays behind until its twenty seconds are over, when a rule of the bucket may remove it.
    private boolean keepsRetained() throws IOException {
        String key = folder + "retained";
        put(key, Map.of());
        new S3Locks(client)
                .retain(key, Optional.empty(), new Retention(Instant.now().plus(SHORT), Retention.Mode.GOVERNANCE));
        return staysAgainst(key);
    }

    private boolean keepsHeld() throws IOException {
        String key = folder + "held";
        put(key, Map.of());
        var locks = new S3Locks(client);
        locks.hold(key, Optional.empty());
        boolean kept = staysAgainst(key);
        if (kept) {
            locks.release(key, Optional.empty());
            objects.discard(key);
        }
        return kept;
    }

    private boolean staysAgainst(String key) throws IOException {
        Optional<String> version = objects.head(key).flatMap(S3Objects.Head::version);
        return version.isPresent()
                && refused(() -> objects.remove(key, version))
                && objects.head(key).isPresent();
    }

    private boolean listsUploads() throws IOException {
        return works(() -> {
            Multipart multipart = multipart(folder + "listed", false);
            String id = multipart.begin();
            multipart.send(id, 1, SignedBody.of(folder, CONTENT));
            boolean listed = multipart.sent(id).orElse(Map.of()).size() == 1;
            multipart.abort(id);
            return listed;
        });
    }

    private boolean readsRanges() throws IOException {
        String key = folder + "range";
        put(key, Map.of());
        try (InputStream in = objects.read(key, 2, 2)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).equals("ob");
        } catch (IOException e) {
            return false;
        } finally {
            objects.discard(key);
        }
    }
}
