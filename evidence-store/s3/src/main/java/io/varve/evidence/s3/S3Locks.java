package io.varve.evidence.s3;

import io.minio.http.Method;
import io.varve.evidence.Retention;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import okhttp3.Response;

/// Object Lock: retention and legal hold of one version of an object.
///
/// @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html">S3 Object Lock</a>
final class S3Locks {
    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private final S3Client client;

    S3Locks(S3Client client) {
        this.client = client;
    }

    Optional<Retention> retention(String key, S3Objects.Head head) throws IOException {
        if (head.retention().isPresent()) {
            return head.retention();
        }
        XmlAnswer answer = get(key, "retention", head.version());
        String until = answer.field("RetainUntilDate");
        return until.isEmpty() ? Optional.empty() : Optional.of(retention(until, answer.field("Mode")));
    }

    static Retention retention(String until, String mode) throws IOException {
        try {
            return new Retention(Instant.parse(until), Retention.Mode.valueOf(mode));
        } catch (DateTimeParseException | IllegalArgumentException e) {
            throw new IOException("a retention cannot be read: %s %s".formatted(until, mode), e);
        }
    }

    /// Seconds are as fine as it gets.
    void retain(String key, Optional<String> version, Retention retention) throws IOException {
        put(
                key,
                "retention",
                version,
                "<Retention xmlns=\"%s\"><Mode>%s</Mode><RetainUntilDate>%s</RetainUntilDate></Retention>"
                        .formatted(
                                NAMESPACE, retention.mode(), retention.until().truncatedTo(ChronoUnit.SECONDS)));
    }

    boolean held(String key, Optional<String> version) throws IOException {
        return get(key, "legal-hold", version).field("Status").equals("ON");
    }

    void hold(String key, Optional<String> version) throws IOException {
        putHold(key, version, "ON");
    }

    void release(String key, Optional<String> version) throws IOException {
        putHold(key, version, "OFF");
    }

    private void putHold(String key, Optional<String> version, String status) throws IOException {
        put(
                key,
                "legal-hold",
                version,
                "<LegalHold xmlns=\"%s\"><Status>%s</Status></LegalHold>".formatted(NAMESPACE, status));
    }

    private XmlAnswer get(String key, String what, Optional<String> version) throws IOException {
        try (Response answer = client.call(Method.GET, key, Map.of(), query(what, version), Optional.empty())) {
            return XmlAnswer.of(answer);
        } catch (S3Error e) {
            if (e.missing()) { // nothing was set, or there is no object
                return XmlAnswer.NOTHING;
            }
            throw e;
        }
    }

    private void put(String key, String what, Optional<String> version, String xml) throws IOException {
        byte[] body = xml.getBytes(StandardCharsets.UTF_8);
        client.call(
                        Method.PUT,
                        key,
                        Map.of("Content-MD5", S3Objects.md5(body)),
                        query(what, version),
                        Optional.of(SignedBody.of(key, body)))
                .close();
    }

    private static Map<String, String> query(String what, Optional<String> version) {
        Map<String, String> query = new HashMap<>(Map.of(what, ""));
        version.ifPresent(id -> query.put("versionId", id));
        return query;
    }
}
