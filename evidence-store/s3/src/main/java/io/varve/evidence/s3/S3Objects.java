package io.varve.evidence.s3;

import io.minio.ListObjectsArgs;
import io.minio.Result;
import io.minio.errors.MinioException;
import io.minio.http.Method;
import io.minio.messages.Item;
import io.varve.evidence.Digest;
import io.varve.evidence.Feature;
import io.varve.evidence.Retention;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterators;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import okhttp3.Response;

/// Whole objects of one bucket, by key: what store, uploads and probe are made of.
final class S3Objects {
    /// Where S3 wants parts to be at least this large, the last excepted.
    static final long LEAST_PART = 5L << 20;

    private static final int DISCARDS = 16;

    private final S3Client client;
    private final S3Target target;
    private final boolean firstVersions;
    private final boolean versions;

    /// @param dialect where it has no conditional creates but versions, an object is the first version of its name:
    /// later
    /// ones cannot change what is read
    S3Objects(S3Client client, S3Target target, S3Dialect dialect) {
        this.client = client;
        this.target = target;
        this.versions = dialect.has(Feature.VERSIONS) || dialect.equals(S3Dialect.NOTHING);
        this.firstVersions = dialect.has(Feature.VERSIONS) && !dialect.has(Feature.CONDITIONAL_CREATE);
    }

    /// @param version empty where the bucket keeps no versions
    /// @param retention as far as the target tells it here
    record Head(long size, Optional<String> version, Optional<String> sha256, Optional<Retention> retention) {}

    Optional<Head> head(String key) throws IOException {
        Map<String, String> query = Map.of();
        if (firstVersions) {
            Optional<String> first = first(key);
            if (first.isEmpty()) {
                return Optional.empty();
            }
            query = Map.of("versionId", first.get());
        }
        try (Response answer =
                client.call(Method.HEAD, key, Map.of("x-amz-checksum-mode", "ENABLED"), query, Optional.empty())) {
            return Optional.of(new Head(
                    Long.parseLong(String.valueOf(answer.header("Content-Length", "0"))),
                    version(answer),
                    Optional.ofNullable(answer.header("x-amz-checksum-sha256")),
                    retention(answer)));
        } catch (S3Error e) {
            if (e.missing()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Optional<Retention> retention(Response answer) throws IOException {
        String until = answer.header("x-amz-object-lock-retain-until-date");
        String mode = answer.header("x-amz-object-lock-mode");
        return until == null || mode == null ? Optional.empty() : Optional.of(S3Locks.retention(until, mode));
    }

    static Optional<String> version(Response answer) {
        return Optional.ofNullable(answer.header("x-amz-version-id")).filter(version -> !version.equals("null"));
    }

    /// @return the version that was written, where the bucket keeps versions
    Optional<String> put(String key, SignedBody body, Map<String, String> conditions) throws IOException {
        Map<String, String> headers = new HashMap<>(encryption());
        headers.putAll(conditions);
        try (Response answer = client.call(Method.PUT, key, headers, Map.of(), Optional.of(body))) {
            return version(answer);
        }
    }

    /// Writes an object unless its name is taken.
    ///
    /// @return false when it is
    boolean create(String key, SignedBody body) throws IOException {
        if (firstVersions && first(key).isPresent()) {
            return false;
        }
        try {
            Optional<String> written = put(key, body, onlyIfAbsent());
            return isFirst(key, written);
        } catch (S3Error e) {
            if (e.conditionFailed()) {
                return holds(key, body);
            }
            throw e;
        }
    }

    /// Whether the name was taken by an earlier attempt of this very request, whose answer was lost.
    private boolean holds(String key, SignedBody body) throws IOException {
        return body.sentBefore()
                && head(key).filter(head -> head.size() == body.contentLength()).isPresent()
                && Digest.of(bytes(key, Math.toIntExact(body.contentLength()))).equals(body.sha256());
    }

    /// Removes what was written when another writer was first.
    boolean isFirst(String key, Optional<String> written) throws IOException {
        if (!firstVersions || written.isEmpty() || first(key).equals(written)) {
            return true;
        }
        remove(key, written);
        return false;
    }

    /// The oldest version of an object, unless it was removed since.
    private Optional<String> first(String key) throws IOException {
        Map<String, String> query = Map.of("versions", "", "prefix", key, "encoding-type", "url");
        Optional<String> oldest = Optional.empty();
        try (Response answer = client.call(Method.GET, "", Map.of(), query, Optional.empty())) {
            for (Map<String, String> item : XmlAnswer.of(answer).items()) {
                String found = URLDecoder.decode(item.getOrDefault("Key", ""), StandardCharsets.UTF_8);
                boolean latest = item.getOrDefault("IsLatest", "").equals("true");
                if (!found.equals(key)) {
                    continue;
                }
                if (item.getOrDefault(XmlAnswer.KIND, "").equals("DeleteMarker")) {
                    if (latest) {
                        return Optional.empty();
                    }
                    break; // what is older was removed
                }
                oldest = Optional.ofNullable(item.get("VersionId"));
            }
        }
        return oldest;
    }

    static Map<String, String> onlyIfAbsent() {
        return Map.of("If-None-Match", "*");
    }

    static Map<String, String> checksum(Digest sha256) {
        return Map.of(
                "x-amz-checksum-sha256",
                Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256.hex())));
    }

    Map<String, String> encryption() {
        return target.encryption()
                .map(key -> key.equals(S3Target.OWN_KEYS)
                        ? Map.of("x-amz-server-side-encryption", "AES256")
                        : Map.of(
                                "x-amz-server-side-encryption",
                                "aws:kms",
                                "x-amz-server-side-encryption-aws-kms-key-id",
                                key))
                .orElse(Map.of());
    }

    /// Bytes from `offset` to the end or to `length`; read on where a connection broke.
    InputStream read(String key, long offset, long length) throws IOException {
        Map<String, String> query = Map.of();
        if (firstVersions) {
            String version = first(key).orElseThrow(() -> new S3Error("GET " + key, 404, "NoSuchKey", ""));
            query = Map.of("versionId", version);
        }
        return new RangedRead(client, key, query, offset, length);
    }

    byte[] bytes(String key, int most) throws IOException {
        try (InputStream in = read(key, 0, most)) {
            return in.readAllBytes();
        }
    }

    /// Keys under a prefix in lexical order, page by page.
    Stream<Item> list(String prefix) {
        return items(ListObjectsArgs.builder()
                .bucket(target.bucket())
                .prefix(prefix)
                .recursive(true)
                .build());
    }

    /// The folders at the top, each ending in `/`.
    List<String> folders(String prefix) throws IOException {
        var folders = new ArrayList<String>();
        var args =
                ListObjectsArgs.builder().bucket(target.bucket()).prefix(prefix).build();
        try {
            items(args).filter(Item::isDir).map(Item::objectName).forEach(folders::add);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return folders;
    }

    private Stream<Item> items(ListObjectsArgs args) {
        Iterator<Result<Item>> results = client.listObjects(args).iterator();
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(results, 0), false)
                .map(S3Objects::item);
    }

    private static Item item(Result<Item> result) {
        try {
            return result.get();
        } catch (MinioException | GeneralSecurityException | IOException e) {
            throw new UncheckedIOException(S3Client.failure("list", e));
        }
    }

    /// Removes an object: its present version where versions are kept, so that nothing of it stays behind.
    void remove(String key, Optional<String> version) throws IOException {
        Map<String, String> query = version.map(v -> Map.of("versionId", v)).orElse(Map.of());
        client.call(Method.DELETE, key, Map.of(), query, Optional.empty()).close();
    }

    /// Removes what is only the journal's, many at a time.
    void discard(List<String> keys) throws IOException {
        var turn = new Semaphore(DISCARDS);
        var removals = new ArrayList<Future<Void>>();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String key : keys) {
                removals.add(workers.submit(() -> {
                    turn.acquire();
                    try {
                        discard(key);
                        return null;
                    } finally {
                        turn.release();
                    }
                }));
            }
        }
        for (Future<Void> removal : removals) {
            if (removal.state() == Future.State.FAILED) {
                throw S3Client.failure("discard", removal.exceptionNow());
            }
        }
    }

    /// The same for one; where it is retained by a rule of the bucket, out of sight at least.
    void discard(String key) throws IOException {
        if (!versions) {
            remove(key, Optional.empty());
            return;
        }
        Optional<Head> head = head(key);
        if (head.isEmpty()) {
            return;
        }
        try {
            remove(key, head.get().version());
        } catch (S3Error e) {
            if (!e.denied()) {
                throw e;
            }
            remove(key, Optional.empty());
        }
    }

    /// Older calls, those about locks among them, want an MD5 of their body.
    @SuppressWarnings("java:S4790") // not for security: the body's SHA-256 is signed
    static String md5(byte[] body) {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            java.security.MessageDigest.getInstance("MD5").digest(body));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
