package io.varve.evidence;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The keys custody was ever signed with, as a package carries them in `keys.json`. They are there to be compared with
/// what the installation publishes: a package that vouches for itself proves nothing about its origin.
///
/// @param schema `varve.keys/1`
public record PublicKeys(String schema, List<Key> keys) {
    public static final String SCHEMA = "varve.keys/1";
    public static final String NAME = "keys.json";

    public PublicKeys(List<Key> keys) {
        this(SCHEMA, keys);
    }

    /// @param fingerprint SHA-256 of the public key's DER form
    /// @param publicKey Ed25519 public key, DER, base64
    /// @param since first use
    /// @param retired when another key took over
    public record Key(Digest fingerprint, String publicKey, Instant since, Optional<Instant> retired) {}
}
