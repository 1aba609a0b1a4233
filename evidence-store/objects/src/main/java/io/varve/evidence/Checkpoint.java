package io.varve.evidence;

import java.time.Instant;
import java.util.Optional;

/// A signature over a custody log up to one entry, and over the manifest where there is one.
///
/// @param schema `varve.checkpoint/1`
/// @param sequence the entry it covers, and with it all before
/// @param digest digest of that entry
/// @param manifest digest of the manifest
/// @param signer SHA-256 of the public key's DER form: what a verifier pins
/// @param publicKey Ed25519 public key, DER, base64
/// @param signature Ed25519 over the canonical JSON of this record without `signature`, base64
public record Checkpoint(
        String schema,
        EvidenceKey evidence,
        int sequence,
        Digest digest,
        Optional<Digest> manifest,
        Instant at,
        Digest signer,
        String publicKey,
        Optional<String> signature) {
    public static final String SCHEMA = "varve.checkpoint/1";

    /// The bytes that are signed.
    byte[] unsigned() {
        return CanonicalJson.write(
                new Checkpoint(schema, evidence, sequence, digest, manifest, at, signer, publicKey, Optional.empty()));
    }
}
