package io.varve.evidence;

import java.time.Instant;

/// One line of a custody log: who did what with the evidence, when. Its digest is the SHA-256 of its canonical JSON.
///
/// @param schema `varve.custody/1`
/// @param sequence from 1, without gap
/// @param actor `user:alice`, `key:soar`, `agent:<id>`, `worker:<name>`, `rule:<name>`
/// @param action a word: `capture.started`, `capture.received`, `sealed`, `verified`, `downloaded`, `processed` …
/// @param previous digest of the entry before; of the first one, 64 zeros
public record CustodyEntry(
        String schema,
        EvidenceKey evidence,
        int sequence,
        Instant at,
        String actor,
        String action,
        String detail,
        Digest previous) {
    public static final String SCHEMA = "varve.custody/1";
    public static final Digest NONE = new Digest("0".repeat(64));

    public Digest digest() {
        return Digest.of(CanonicalJson.write(this));
    }
}
