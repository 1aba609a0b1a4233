package io.varve.evidence.s3;

import java.net.URI;
import java.util.Optional;

/// Where a bucket is and how to get at it.
///
/// @param endpoint e.g. `https://s3.eu-central-1.amazonaws.com`
/// @param prefix put before every name: empty, or ending in `/`
/// @param encryption what the target is told to encrypt with: a KMS key id, or `AES256` for keys of the target's own;
/// when absent, the bucket's own setting holds
public record S3Target(
        URI endpoint,
        String region,
        String bucket,
        String prefix,
        String accessKey,
        String secretKey,
        Optional<String> encryption) {
    public static final String OWN_KEYS = "AES256";

    public S3Target {
        if (!prefix.isEmpty() && !prefix.endsWith("/")) {
            throw new IllegalArgumentException("a prefix ends in /: " + prefix);
        }
    }

    /// The same place under another key, to see whether it is refused.
    S3Target withSecret(String secret) {
        return new S3Target(endpoint, region, bucket, prefix, accessKey, secret, encryption);
    }

    /// Never the secret.
    @Override
    public String toString() {
        return "%s/%s/%s".formatted(endpoint, bucket, prefix);
    }
}
