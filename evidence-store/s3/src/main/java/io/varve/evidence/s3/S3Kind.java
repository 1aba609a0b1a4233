package io.varve.evidence.s3;

import com.google.auto.service.AutoService;
import io.varve.evidence.CanonicalJson;
import io.varve.evidence.Feature;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.StoreKind;
import io.varve.evidence.StoreSettings;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/// `s3`: settings `endpoint`, `bucket`, `access-key`, `secret-key`; and, when they are needed, `region` (`us-east-1`),
/// `prefix`, `encryption` (a KMS key id, or `AES256`) and `probe` (`again` when the target has changed).
@AutoService(StoreKind.class)
public final class S3Kind implements StoreKind {
    @Override
    public String name() {
        return "s3";
    }

    @Override
    public ObjectStore open(StoreSettings settings) throws IOException {
        String prefix = settings.text("prefix").orElse("");
        var target = new S3Target(
                URI.create(settings.required("endpoint")),
                settings.text("region").orElse("us-east-1"),
                settings.required("bucket"),
                prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/",
                settings.required("access-key"),
                settings.required("secret-key"),
                settings.text("encryption"));
        S3Dialect dialect =
                dialect(target, settings.text("probe").filter("again"::equals).isPresent());
        if (!dialect.has(Feature.CONDITIONAL_CREATE) && !dialect.has(Feature.VERSIONS)) {
            throw new IOException(
                    "%s lets one writer overwrite another and keeps no versions: switch versioning on for the bucket"
                            .formatted(target));
        }
        return S3Store.open(target, dialect);
    }

    /// What the probe finds is kept in the bucket beside the objects: a target is probed once, by whoever is first.
    private static S3Dialect dialect(S3Target target, boolean again) throws IOException {
        String key = target.prefix() + ".dialect";
        try (S3Client client = S3Client.of(target)) {
            var objects = new S3Objects(client, target, S3Dialect.NOTHING);
            if (!again && objects.head(key).isPresent()) {
                return CanonicalJson.read(objects.bytes(key, 1 << 16), S3Dialect.class);
            }
            S3Dialect found = S3Probe.run(target);
            byte[] json = CanonicalJson.write(found);
            objects.put(key, SignedBody.of(key, json), Map.of());
            return found;
        }
    }
}
