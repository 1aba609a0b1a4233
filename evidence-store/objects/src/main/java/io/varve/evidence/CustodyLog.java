package io.varve.evidence;

import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The custody log of one evidence item: entries that each hold the digest of the one before, one object each.
///
/// Objects are never overwritten, so two writers cannot both write entry 7: the second takes 8. Nothing is ever
/// removed.
public final class CustodyLog {
    private static final int ATTEMPTS = 100;

    private final ObjectStore store;
    private final EvidenceKey evidence;
    private final Clock clock;
    private final CustodyWitness witness;

    public CustodyLog(ObjectStore store, EvidenceKey evidence, Clock clock) {
        this(store, evidence, clock, CustodyWitness.NONE);
    }

    CustodyLog(ObjectStore store, EvidenceKey evidence, Clock clock, CustodyWitness witness) {
        this.store = store;
        this.evidence = evidence;
        this.clock = clock;
        this.witness = witness;
    }

    public CustodyEntry append(String actor, String action, String detail) throws IOException {
        return append(actor, action, detail, Optional.empty());
    }

    /// @param lineage where in a cloud the bytes of this act came from
    public CustodyEntry append(String actor, String action, String detail, Optional<Lineage> lineage)
            throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<CustodyEntry> last = last();
            var entry = new CustodyEntry(
                    CustodyEntry.SCHEMA,
                    evidence,
                    last.map(CustodyEntry::sequence).orElse(0) + 1,
                    clock.instant().truncatedTo(ChronoUnit.MICROS),
                    actor,
                    action,
                    detail,
                    last.map(CustodyEntry::digest).orElse(CustodyEntry.NONE),
                    lineage);
            try {
                store.create(name("custody", entry.sequence()), CanonicalJson.write(entry));
                witness.saw(entry);
                return entry;
            } catch (ObjectExistsException e) {
                continue; // another writer took this number: the next one then
            }
        }
        throw new IOException("custody log of %s: %d other writers came first".formatted(evidence, ATTEMPTS));
    }

    /// Appends unless the same is written there already: for steps that may run twice.
    public CustodyEntry appendOnce(String actor, String action, String detail) throws IOException {
        return appendOnce(actor, action, detail, Optional.empty());
    }

    public CustodyEntry appendOnce(String actor, String action, String detail, Optional<Lineage> lineage)
            throws IOException {
        Optional<CustodyEntry> before = entries().stream()
                .filter(e -> e.action().equals(action) && e.detail().equals(detail))
                .findFirst();
        return before.isPresent() ? before.get() : append(actor, action, detail, lineage);
    }

    /// All entries in order.
    public List<CustodyEntry> entries() throws IOException {
        var entries = new ArrayList<CustodyEntry>();
        for (String name : names("custody")) {
            entries.add(CanonicalJson.read(bytes(name), CustodyEntry.class));
        }
        return entries;
    }

    /// Signs everything up to the last entry.
    public Checkpoint checkpoint(Signer signer, Optional<Digest> manifest) throws IOException {
        CustodyEntry last = last().orElseThrow(() -> new IOException(evidence + " has no custody entries"));
        String name = name("checkpoints", last.sequence());
        if (store.info(name).isPresent()) {
            return CanonicalJson.read(bytes(name), Checkpoint.class);
        }
        var unsigned = new Checkpoint(
                Checkpoint.SCHEMA,
                evidence,
                last.sequence(),
                last.digest(),
                manifest,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                signer.fingerprint(),
                signer.publicKey(),
                Optional.empty());
        var signed = new Checkpoint(
                unsigned.schema(),
                unsigned.evidence(),
                unsigned.sequence(),
                unsigned.digest(),
                unsigned.manifest(),
                unsigned.at(),
                unsigned.signer(),
                unsigned.publicKey(),
                Optional.of(signer.sign(unsigned.unsigned())));
        try {
            store.create(name, CanonicalJson.write(signed));
            return signed;
        } catch (ObjectExistsException e) {
            return CanonicalJson.read(bytes(name), Checkpoint.class); // another one signed it first
        }
    }

    private Optional<CustodyEntry> last() throws IOException {
        List<String> names = names("custody");
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(CanonicalJson.read(bytes(names.getLast()), CustodyEntry.class));
    }

    private List<String> names(String kind) throws IOException {
        try (Stream<String> names = store.list(evidence.object(kind + "/"))) {
            return names.toList();
        }
    }

    private String name(String kind, int sequence) {
        return evidence.object(file(kind, sequence));
    }

    static String file(String kind, int sequence) {
        return "%s/%08d.json".formatted(kind, sequence);
    }

    /// The number in a name that [#file] made.
    static int sequence(String name) {
        return Integer.parseInt(name.substring(name.indexOf('/') + 1, name.lastIndexOf('.')));
    }

    private byte[] bytes(String name) throws IOException {
        try (var in = store.read(name, 0, PackageVerifier.LARGEST_RECORD)) {
            return in.readAllBytes();
        }
    }
}
