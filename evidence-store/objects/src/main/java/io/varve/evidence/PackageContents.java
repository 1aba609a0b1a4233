package io.varve.evidence;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What an exported package holds, as its signed `package.json`: with it nothing can be taken out of a package unseen,
/// not even the newest entries together with the checkpoint that covers them.
///
/// @param schema `varve.package/1`
/// @param id of the export; the custody entry of the export names it
/// @param entries custody entries in the package
/// @param head digest of the last of them
/// @param files every file of the package but this one, in the order they are written
/// @param signer SHA-256 of the public key's DER form
/// @param publicKey Ed25519 public key, DER, base64
/// @param signature Ed25519 over the canonical JSON of this record without `signature`, base64
public record PackageContents(
        String schema,
        EvidenceKey evidence,
        String id,
        Instant at,
        String actor,
        int entries,
        Digest head,
        List<Item> files,
        Digest signer,
        String publicKey,
        Optional<String> signature) {
    public static final String SCHEMA = "varve.package/1";
    public static final String NAME = "package.json";

    /// One file of the package.
    public record Item(String name, long size, Digest sha256) {}

    /// The bytes that are signed.
    byte[] unsigned() {
        return CanonicalJson.write(with(Optional.empty()));
    }

    PackageContents signed(Signer key) {
        return with(Optional.of(key.sign(unsigned())));
    }

    private PackageContents with(Optional<String> given) {
        return new PackageContents(schema, evidence, id, at, actor, entries, head, files, signer, publicKey, given);
    }
}
