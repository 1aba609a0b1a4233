package io.varve.database;

import io.varve.evidence.PublicKeys;
import io.varve.evidence.Signer;
import java.time.Instant;

/// The public keys that custody is and was signed with, published for everybody.
public interface SigningKeyRing {
    /// Makes a key known as one in use; knowing it already changes nothing.
    void publish(Signer key, Instant at);

    /// Marks a key as no longer used.
    void retire(Signer key, Instant at);

    /// Newest first.
    PublicKeys all();
}
