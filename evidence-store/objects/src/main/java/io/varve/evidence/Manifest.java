package io.varve.evidence;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a sealed evidence item is, as canonical JSON beside its bytes. Written once.
///
/// @param schema `varve.manifest/1`
/// @param object what was sealed, or, where the same bytes were sealed before, what they are; see `sameBytesAs`
/// @param sameBytesAs the evidence that holds these bytes already; then this item has no bytes of its own
/// @param source what the provider says of where the bytes came from, e.g. `agent`, `host`
public record Manifest(
        String schema,
        EvidenceKey evidence,
        String capture,
        String provider,
        String profile,
        String asset,
        Instant captureStarted,
        Instant sealed,
        Content object,
        Optional<EvidenceKey> sameBytesAs,
        Map<String, String> source) {
    public static final String SCHEMA = "varve.manifest/1";

    /// @param name name of the object below the evidence's prefix
    /// @param mediaType e.g. `application/gzip`
    /// @param parts in order and without gap, each with its own SHA-256
    public record Content(String name, String mediaType, long size, Digest sha256, List<ObjectStore.Part> parts) {}
}
