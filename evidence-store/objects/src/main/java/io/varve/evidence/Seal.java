package io.varve.evidence;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/// Turns uploaded bytes into evidence: read back and hashed, described by a manifest, signed. May be repeated after a
/// crash at any point; the result is the same.
public final class Seal {
    /// Name of the bytes below the evidence's prefix.
    public static final String DATA = "data";

    public static final String MANIFEST = "manifest.json";

    private final CustodyLogs logs;
    private final ObjectStore store;
    private final CurrentKey keys;
    private final Clock clock;

    /// The key to sign with now.
    @FunctionalInterface
    private interface CurrentKey {
        Signer current() throws IOException;
    }

    /// Signs with one key, unseen by a witness.
    public Seal(ObjectStore store, Signer signer, Clock clock) {
        this(new CustodyLogs(store, CustodyWitness.NONE, clock), () -> signer);
    }

    public Seal(CustodyLogs logs, SigningKeys keys) {
        this(logs, keys::current);
    }

    private Seal(CustodyLogs logs, CurrentKey keys) {
        this.logs = logs;
        this.store = logs.store();
        this.keys = keys;
        this.clock = logs.clock();
    }

    /// Where the bytes came from.
    public record Origin(
            String capture,
            String provider,
            String profile,
            String asset,
            Instant captureStarted,
            String mediaType,
            Map<String, String> source) {}

    /// Finds evidence that was sealed with these bytes before.
    @FunctionalInterface
    public interface KnownBytes {
        Optional<EvidenceKey> sealedAs(Digest sha256);
    }

    /// Seals the completed upload of this evidence's [#DATA].
    ///
    /// @param actor who seals, for the custody log
    public Manifest seal(EvidenceKey evidence, Origin origin, String actor, KnownBytes known) throws IOException {
        CustodyLog custody = logs.of(evidence);
        Manifest manifest =
                manifest(evidence).isPresent() ? manifest(evidence).get() : describe(evidence, origin, known);
        if (manifest.sameBytesAs().isPresent()) {
            store.delete(evidence.object(DATA));
        }
        custody.appendOnce(actor, "sealed", describe(manifest));
        custody.checkpoint(keys.current(), Optional.of(Digest.of(CanonicalJson.write(manifest))));
        return manifest;
    }

    /// Signs the log up to its last entry, and with it the manifest where there is one.
    public Checkpoint sign(EvidenceKey evidence) throws IOException {
        Optional<Digest> digest = manifest(evidence).map(manifest -> Digest.of(CanonicalJson.write(manifest)));
        return logs.of(evidence).checkpoint(keys.current(), digest);
    }

    /// The manifest of sealed evidence.
    public Optional<Manifest> manifest(EvidenceKey evidence) throws IOException {
        return manifest(store, evidence);
    }

    /// The manifest of sealed evidence in a store.
    public static Optional<Manifest> manifest(ObjectStore store, EvidenceKey evidence) throws IOException {
        String name = evidence.object(MANIFEST);
        if (store.info(name).isEmpty()) {
            return Optional.empty();
        }
        try (var in = store.read(name, 0, PackageVerifier.LARGEST_MANIFEST)) {
            return Optional.of(CanonicalJson.read(in.readAllBytes(), Manifest.class));
        }
    }

    private Manifest describe(EvidenceKey evidence, Origin origin, KnownBytes known) throws IOException {
        ObjectStore.Stored stored = store.upload(evidence.object(DATA)).complete();
        var manifest = new Manifest(
                Manifest.SCHEMA,
                evidence,
                origin.capture(),
                origin.provider(),
                origin.profile(),
                origin.asset(),
                origin.captureStarted().truncatedTo(ChronoUnit.MICROS),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                new Manifest.Content(DATA, origin.mediaType(), stored.size(), stored.sha256(), stored.parts()),
                known.sealedAs(stored.sha256()).filter(other -> !other.equals(evidence)),
                origin.source());
        store.create(evidence.object(MANIFEST), CanonicalJson.write(manifest));
        return manifest;
    }

    private static String describe(Manifest manifest) {
        String bytes = "%d bytes, SHA-256 %s"
                .formatted(manifest.object().size(), manifest.object().sha256());
        return manifest.sameBytesAs()
                .map(other -> bytes + ", the same bytes as " + other)
                .orElse(bytes);
    }
}
