package io.varve.emulator.aws;

import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// S3 in path style: moto's answers, and addresses that are over when they say so.
final class Buckets {
    private static final DateTimeFormatter SIGNED =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Set<String> HEADERS =
            Set.of("etag", "last-modified", "x-amz-bucket-region", "x-amz-version-id");

    private Buckets() {}

    /// As policies name it.
    static String action(Call call) {
        int key = call.path().indexOf('/', 1);
        boolean ofObject = key > 0 && key < call.path().length() - 1;
        boolean ofVersion = call.query("versionId").isPresent();
        if (call.path().equals("/")) {
            return "ListAllMyBuckets";
        }
        return switch (call.method()) {
            case "GET", "HEAD" -> {
                if (ofObject) {
                    yield ofVersion ? "GetObjectVersion" : "GetObject";
                }
                yield call.request().target().contains("?versions")
                                || call.query("versions").isPresent()
                        ? "ListBucketVersions"
                        : "ListBucket";
            }
            case "PUT" -> ofObject ? "PutObject" : "CreateBucket";
            case "DELETE" -> ofObject ? "DeleteObject" : "DeleteBucket";
            default -> "Unknown";
        };
    }

    static Response answer(Call call, Moto moto) throws Refused, IOException {
        expectInTime(call);
        Moto.Answer answer = moto.forward(call, 0);
        Response response = Response.bytes(answer.status(), answer.type(), answer.bytes());
        for (Map.Entry<String, List<String>> header : answer.headers().entrySet()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (HEADERS.contains(name) || name.startsWith("x-amz-checksum-")) {
                response = response.with(name, header.getValue().getFirst());
            }
        }
        return response;
    }

    private static void expectInTime(Call call) throws Refused {
        Optional<String> expires = call.query("X-Amz-Expires");
        if (expires.isEmpty()) {
            return;
        }
        try {
            Instant signed = Instant.from(SIGNED.parse(call.query("X-Amz-Date").orElse("")));
            if (Instant.now().isAfter(signed.plus(Duration.ofSeconds(Long.parseLong(expires.get()))))) {
                throw new Refused(403, "AccessDenied", "", "Request has expired");
            }
        } catch (DateTimeException | NumberFormatException e) {
            throw new Refused(403, "AccessDenied", "", "X-Amz-Date must be a date, and X-Amz-Expires a number");
        }
    }
}
