package io.varve.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What is done for evidence once it is sealed: it is retained, and a second store gets a copy that is read back. May
/// be
/// repeated after a crash at any point; what is done is not done again, and custody says it once.
public final class Preservation {
    private final CustodyLogs logs;
    private final ObjectStore store;
    private final Optional<Copies> copies;
    private final Optional<Term> term;

    public Preservation(CustodyLogs logs, Optional<Copies> copies, Optional<Term> term) {
        this.logs = logs;
        this.store = logs.store();
        this.copies = copies;
        this.term = term;
    }

    /// Signs the custody log of an item up to its last entry.
    @FunctionalInterface
    public interface Signing {
        void sign(EvidenceKey evidence) throws IOException;
    }

    /// @param label how custody calls it, e.g. `s3 https://s3.example.com evidence-copy`
    public record Copies(ObjectStore store, String label) {}

    /// How long sealed evidence is retained, from its sealing.
    public record Term(Duration period, Retention.Mode mode) {}

    /// How long the item is retained from its sealing; absent when it is not.
    public Optional<Instant> until(Manifest manifest) {
        return term.map(wanted -> manifest.sealed().plus(wanted.period()));
    }

    public void preserve(Manifest manifest, String actor, Signing signing) throws IOException {
        EvidenceKey evidence = manifest.evidence();
        CustodyLog custody = logs.of(evidence);
        if (copies.isPresent()) {
            copy(manifest, copies.get().store());
            copyRecord(evidence.object(Seal.MANIFEST), copies.get().store());
            custody.appendOnce(
                    actor,
                    "copied",
                    "to %s, %d bytes read back, SHA-256 %s"
                            .formatted(
                                    copies.get().label(),
                                    manifest.object().size(),
                                    manifest.object().sha256()));
        }
        if (term.isPresent()) {
            custody.appendOnce(actor, "retained", retain(manifest, term.get()));
        }
        if (copies.isEmpty() && term.isEmpty()) {
            return;
        }
        signing.sign(evidence);
        if (copies.isPresent()) {
            for (String name : records(evidence)) {
                copyRecord(name, copies.get().store());
            }
        }
    }

    /// In the same parts, so that the second store checks each against the digest of the manifest.
    private void copy(Manifest manifest, ObjectStore second) throws IOException {
        String name = manifest.evidence().object(Seal.DATA);
        if (manifest.sameBytesAs().isPresent()) {
            return; // the other item's copy has them
        }
        ObjectStore.Upload upload = second.upload(name);
        if (second.info(name).isEmpty()) {
            List<ObjectStore.Part> there = upload.parts();
            for (ObjectStore.Part part : manifest.object().parts()) {
                if (there.contains(part)) {
                    continue;
                }
                try (InputStream content = store.read(name, part.offset(), part.size())) {
                    upload.part(part.number(), part.offset(), part.sha256(), content, part.size());
                }
            }
        }
        ObjectStore.Stored stored = upload.complete();
        if (!stored.sha256().equals(manifest.object().sha256())) {
            throw new DigestMismatchException(
                    "the second copy of " + name, manifest.object().sha256(), stored.sha256());
        }
    }

    /// Removes the bytes of the second copy, when there is one: policy lets them go.
    public void forget(EvidenceKey evidence) throws IOException {
        if (copies.isPresent()) {
            copies.get().store().delete(evidence.object(Seal.DATA));
        }
    }

    /// Manifest, custody entries, checkpoints and their time stamps. Entries of later acts are in the first store only.
    private List<String> records(EvidenceKey evidence) throws IOException {
        String custody = evidence.object("custody/");
        String checkpoints = evidence.object("checkpoints/");
        String timestamps = evidence.object("timestamps/");
        try (Stream<String> names = store.list(evidence.object(""))) {
            return names.filter(name -> name.startsWith(custody)
                            || name.startsWith(checkpoints)
                            || name.startsWith(timestamps)
                            || name.equals(evidence.object(Seal.MANIFEST)))
                    .toList();
        }
    }

    private void copyRecord(String name, ObjectStore second) throws IOException {
        if (second.info(name).isPresent()) {
            return;
        }
        try (InputStream content = store.read(name, 0, PackageVerifier.LARGEST_MANIFEST)) {
            second.create(name, content.readAllBytes());
        }
    }

    private String retain(Manifest manifest, Term wanted) throws IOException {
        var retention = new Retention(until(manifest).orElseThrow(), wanted.mode());
        EvidenceKey evidence = manifest.evidence();
        String text = "until %s (%s)".formatted(retention.until(), retention.mode());
        text += retain(store, evidence, retention) ? "" : "; the store has no retention and does not enforce it";
        if (copies.isPresent()) {
            text += retain(copies.get().store(), evidence, retention)
                    ? "; the second copy too"
                    : "; the second copy's store has no retention";
        }
        return text;
    }

    private static boolean retain(ObjectStore where, EvidenceKey evidence, Retention retention) throws IOException {
        try {
            for (String name : List.of(evidence.object(Seal.DATA), evidence.object(Seal.MANIFEST))) {
                if (where.info(name).isPresent()) {
                    where.retain(name, retention);
                }
            }
            return true;
        } catch (UnsupportedFeatureException e) {
            return false;
        }
    }
}
