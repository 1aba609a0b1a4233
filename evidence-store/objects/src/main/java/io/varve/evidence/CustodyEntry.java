package io.varve.evidence;

import java.time.Instant;
import java.util.Optional;

/// One line of a custody log: who did what with the evidence, when. Its digest is the SHA-256 of its canonical JSON.
///
/// @param schema `varve.custody/1`
/// @param sequence from 1, without gap
/// @param actor `user:alice`, `key:soar`, `agent:<id>`, `worker:<name>`, `rule:<name>`
/// @param action a word: `capture.started`, `capture.received`, `sealed`, `verified`, `downloaded`, `processed`,
/// `exported`, `rehashed`, `hold.placed`, `deleted` …
/// @param previous digest of the entry before; of the first one, 64 zeros
/// @param lineage where in a cloud the bytes of this act came from
public record CustodyEntry(
        String schema,
        EvidenceKey evidence,
        int sequence,
        Instant at,
        String actor,
        String action,
        String detail,
        Digest previous,
        Optional<Lineage> lineage) {
    public static final String SCHEMA = "varve.custody/1";
    /// The bytes were deleted by policy; manifest and log stay.
    public static final String DELETED = "deleted";

    public static final Digest NONE = new Digest("0".repeat(64));

    public Digest digest() {
        return Digest.of(CanonicalJson.write(this));
    }
}
