package io.varve.provider.endpoint.agent;

import io.varve.evidence.Digest;
import io.varve.provider.endpoint.protocol.Json;
import io.varve.provider.endpoint.protocol.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Optional;

/// Who this agent is and which server it obeys; `identity.json` in the state folder, readable by its owner only.
///
/// @param server `https://host:port`
/// @param fingerprint of the server's certificate
/// @param agent id the server gave; absent until enrolment is answered
/// @param orderKey key that orders must be signed with
record Identity(
        String server,
        Digest fingerprint,
        byte[] privateKey,
        byte[] publicKey,
        Optional<String> agent,
        Optional<byte[]> orderKey) {
    static Identity mint(String server, Digest fingerprint) {
        KeyPair keys = Keys.mint();
        return new Identity(
                server,
                fingerprint,
                keys.getPrivate().getEncoded(),
                keys.getPublic().getEncoded(),
                Optional.empty(),
                Optional.empty());
    }

    static Optional<Identity> in(Path state) throws IOException {
        Path file = state.resolve("identity.json");
        return Files.exists(file) ? Optional.of(Json.read(Files.readAllBytes(file), Identity.class)) : Optional.empty();
    }

    Identity enrolled(String id, byte[] key) {
        return new Identity(server, fingerprint, privateKey, publicKey, Optional.of(id), Optional.of(key));
    }

    void save(Path state) throws IOException {
        Keys.write(state.resolve("identity.json"), Json.write(this));
    }
}
