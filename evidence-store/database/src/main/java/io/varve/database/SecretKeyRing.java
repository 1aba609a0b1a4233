package io.varve.database;

import java.time.Instant;
import java.util.Optional;

/// The workers' public keys for secrets.
public interface SecretKeyRing {
    /// Makes a key known; knowing it already changes nothing.
    void publish(String publicKey, Instant at);

    /// The key to seal with; empty until a worker has started once.
    Optional<String> newest();
}
