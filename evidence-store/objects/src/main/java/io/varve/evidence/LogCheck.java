package io.varve.evidence;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Follows a custody chain from its first entry to its last and checks the signatures over it.
final class LogCheck {
    private final PackageFiles files;
    private final PackageVerifier.SignatureCheck signatures;
    private final Problems problems;
    private final List<CustodyEntry> entries = new ArrayList<>();

    LogCheck(PackageFiles files, PackageVerifier.SignatureCheck signatures, Problems problems) {
        this.files = files;
        this.signatures = signatures;
        this.problems = problems;
    }

    /// @param evidence what the entries must be about, where it is known
    List<CustodyEntry> chain(Optional<EvidenceKey> evidence) throws IOException {
        Digest previous = CustodyEntry.NONE;
        for (String name : files.list("custody/")) {
            byte[] raw = files.bytes(name, PackageVerifier.LARGEST_RECORD);
            try {
                entry(name, raw, evidence, previous);
            } catch (IOException | IllegalArgumentException e) {
                problems.add(name + ": " + e.getMessage());
            }
            previous = Digest.of(raw);
        }
        if (entries.isEmpty()) {
            problems.add("the custody log is empty");
        }
        return entries;
    }

    private void entry(String name, byte[] raw, Optional<EvidenceKey> evidence, Digest previous) throws IOException {
        CustodyEntry entry = CanonicalJson.read(raw, CustodyEntry.class);
        int expected = entries.size() + 1;
        if (!Arrays.equals(raw, CanonicalJson.write(entry)) || !entry.schema().equals(CustodyEntry.SCHEMA)) {
            problems.add(name + ": not as it was written");
        }
        if (evidence.isPresent() && !evidence.get().equals(entry.evidence())) {
            problems.add(name + ": is about other evidence, " + entry.evidence());
        }
        if (entry.sequence() != expected || !name.equals(CustodyLog.file("custody", expected))) {
            problems.add("%s: entry %d where %d was expected".formatted(name, entry.sequence(), expected));
        }
        if (!entry.previous().equals(previous)) {
            problems.add(name + ": the chain is broken, the entry before was altered or removed");
        }
        entries.add(entry);
    }

    /// Checks every checkpoint against the chain.
    ///
    /// @param manifest digest of the manifest as it is
    /// @return the newest one that fits
    Optional<Checkpoint> newest(Digest manifest) throws IOException {
        Optional<Checkpoint> newest = Optional.empty();
        Set<Digest> covering = new HashSet<>();
        for (String name : files.list("checkpoints/")) {
            try {
                byte[] raw = files.bytes(name, PackageVerifier.LARGEST_RECORD);
                Checkpoint checkpoint = CanonicalJson.read(raw, Checkpoint.class);
                if (fits(name, raw, checkpoint, manifest)) {
                    newest = Optional.of(checkpoint);
                    checkpoint.manifest().ifPresent(digest -> covering.add(checkpoint.signer()));
                }
            } catch (IOException | IllegalArgumentException e) {
                problems.add(name + ": " + e.getMessage());
            }
        }
        if (newest.isEmpty()) {
            problems.add("no valid signed checkpoint");
        } else if (!covering.contains(newest.get().signer())) {
            problems.add("manifest.json is not signed");
        }
        return newest;
    }

    private boolean fits(String name, byte[] raw, Checkpoint checkpoint, Digest manifest) {
        int before = problems.count();
        if (!Arrays.equals(raw, CanonicalJson.write(checkpoint))
                || !checkpoint.schema().equals(Checkpoint.SCHEMA)
                || !name.equals(CustodyLog.file("checkpoints", checkpoint.sequence()))) {
            problems.add(name + ": not as it was written");
        }
        if (!signatures.fits(
                checkpoint.signer(), checkpoint.publicKey(), checkpoint.unsigned(), checkpoint.signature())) {
            problems.add(name + ": the signature does not fit");
        }
        if (checkpoint.sequence() > entries.size()) {
            problems.add(
                    "%s: covers %d entries, the log has %d".formatted(name, checkpoint.sequence(), entries.size()));
        } else if (checkpoint.sequence() < 1
                || !entries.get(checkpoint.sequence() - 1).digest().equals(checkpoint.digest())) {
            problems.add("%s: entry %d is not the one that was signed".formatted(name, checkpoint.sequence()));
        }
        if (checkpoint.manifest().isPresent() && !checkpoint.manifest().get().equals(manifest)) {
            problems.add(name + ": manifest.json is not the one that was signed");
        }
        return problems.count() == before;
    }
}
