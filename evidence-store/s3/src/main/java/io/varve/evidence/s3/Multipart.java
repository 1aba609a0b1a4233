package io.varve.evidence.s3;

import io.minio.http.Method;
import io.varve.evidence.Digest;
import io.varve.evidence.Feature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import okhttp3.Response;

/// S3's own multipart uploads of one key.
///
/// @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html">Multipart upload</a>
final class Multipart {
    /// Most parts of one object, and their highest number.
    static final int MOST_PARTS = 10_000;

    private final S3Client client;
    private final S3Objects objects;
    private final S3Dialect dialect;
    private final String key;

    Multipart(S3Client client, S3Objects objects, S3Dialect dialect, String key) {
        this.client = client;
        this.objects = objects;
        this.dialect = dialect;
        this.key = key;
    }

    /// One part as the target names it.
    record Sent(int number, long size, String etag, Optional<String> sha256) {}

    /// @return the upload's id
    String begin() throws IOException {
        Map<String, String> headers = new HashMap<>(objects.encryption());
        headers.put("Content-Type", "application/octet-stream");
        if (dialect.has(Feature.DIGESTS_KEPT)) {
            headers.put("x-amz-checksum-algorithm", "SHA256");
        }
        try (Response answer = client.call(Method.POST, key, headers, Map.of("uploads", ""), Optional.empty())) {
            String id = XmlAnswer.of(answer).field("UploadId");
            if (id.isEmpty()) {
                throw new IOException("%s: no upload was begun".formatted(key));
            }
            return id;
        }
    }

    Sent send(String id, int number, SignedBody body) throws IOException {
        boolean kept = dialect.has(Feature.DIGESTS_KEPT);
        Map<String, String> headers = kept ? S3Objects.checksum(body.sha256()) : Map.of();
        Map<String, String> query = Map.of("partNumber", Integer.toString(number), "uploadId", id);
        try (Response answer = client.call(Method.PUT, key, headers, query, Optional.of(body))) {
            String etag = String.valueOf(answer.header("ETag", "")).replace("\"", "");
            return new Sent(
                    number, body.contentLength(), etag, kept ? Optional.of(base64(body.sha256())) : Optional.empty());
        }
    }

    private static String base64(Digest sha256) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256.hex()));
    }

    /// What the target holds of the upload, by number.
    ///
    /// @return empty when it knows no such upload
    Optional<Map<Integer, Sent>> sent(String id) throws IOException {
        var sent = new TreeMap<Integer, Sent>();
        int after = 0;
        try {
            while (true) {
                XmlAnswer page = page(id, after);
                for (Map<String, String> part : page.items()) {
                    if (part.containsKey("PartNumber")) {
                        Sent one = sent(part);
                        sent.put(one.number(), one);
                    }
                }
                int last = sent.isEmpty() ? 0 : sent.lastKey();
                if (!page.field("IsTruncated").equals("true") || last <= after) {
                    return Optional.of(sent);
                }
                after = last;
            }
        } catch (S3Error e) {
            if (e.missing()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private XmlAnswer page(String id, int after) throws IOException {
        Map<String, String> query = Map.of("uploadId", id, "part-number-marker", Integer.toString(after));
        try (Response answer = client.call(Method.GET, key, Map.of(), query, Optional.empty())) {
            return XmlAnswer.of(answer);
        }
    }

    private static Sent sent(Map<String, String> part) throws IOException {
        try {
            return new Sent(
                    Integer.parseInt(part.getOrDefault("PartNumber", "")),
                    Long.parseLong(part.getOrDefault("Size", "")),
                    part.getOrDefault("ETag", "").replace("\"", ""),
                    Optional.ofNullable(part.get("ChecksumSHA256")));
        } catch (NumberFormatException e) {
            throw new IOException("a part is listed without number or size", e);
        }
    }

    /// Makes the object of the parts, in the order of their numbers.
    ///
    /// @return the version that was written, where the bucket keeps versions
    Optional<String> complete(String id, Collection<Sent> parts) throws IOException {
        var list = new StringBuilder("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        for (Sent part : parts) {
            list.append("<Part><PartNumber>%d</PartNumber><ETag>&quot;%s&quot;</ETag>"
                    .formatted(part.number(), part.etag()));
            part.sha256().ifPresent(sha256 -> list.append("<ChecksumSHA256>%s</ChecksumSHA256>".formatted(sha256)));
            list.append("</Part>");
        }
        byte[] body = list.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "application/xml"));
        headers.putAll(dialect.has(Feature.CONDITIONAL_COMPLETE) ? S3Objects.onlyIfAbsent() : Map.of());
        try (Response answer =
                client.call(Method.POST, key, headers, Map.of("uploadId", id), Optional.of(SignedBody.of(key, body)))) {
            XmlAnswer result = XmlAnswer.of(answer);
            if (result.root().equals("Error")) { // S3 may begin to answer 200 before it knows
                throw new S3Error("complete " + key, 500, result.field("Code"), result.field("Message"));
            }
            return S3Objects.version(answer);
        }
    }

    void abort(String id) throws IOException {
        try {
            client.call(Method.DELETE, key, Map.of(), Map.of("uploadId", id), Optional.empty())
                    .close();
        } catch (S3Error e) {
            if (!e.missing()) {
                throw e;
            }
        }
    }
}
