package io.varve.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Checks one evidence package offline: every byte against the manifest, the manifest against the signed checkpoint,
/// the custody chain from its first entry to its last, and an exported package against its signed list of contents.
///
/// A package is the archive that was exported, the folder it was unpacked to, or the folder in which the directory
/// store keeps evidence. `docs/verify.md` says the same in words and in Python.
public final class PackageVerifier {
    static final long LARGEST_RECORD = 1 << 20;
    static final long LARGEST_MANIFEST = 256L << 20;

    private final PackageFiles files;
    private final Optional<EvidenceKey> expected;
    private final Optional<Digest> trusted;
    private final SignatureCheck signatures;
    private final Problems problems = new Problems();

    private PackageVerifier(
            PackageFiles files, Optional<EvidenceKey> expected, Optional<Digest> trusted, SignatureCheck signatures) {
        this.files = files;
        this.expected = expected;
        this.trusted = trusted;
        this.signatures = signatures;
    }

    /// Whether a signature of a message was made with the key that has a fingerprint.
    @FunctionalInterface
    interface SignatureCheck {
        boolean fits(Digest signer, String publicKey, byte[] message, Optional<String> signature);
    }

    /// Checks evidence in a store. Evidence that is a reference to other evidence is checked with the bytes of that.
    public static Verification verify(ObjectStore store, EvidenceKey evidence, Optional<Digest> trusted)
            throws IOException {
        return new PackageVerifier(new StoredFiles(store, evidence), Optional.of(evidence), trusted, Signer::verify)
                .verify();
    }

    /// Checks everything about evidence in a store but its bytes: manifest, log and signatures.
    public static Verification verifyRecords(ObjectStore store, EvidenceKey evidence) throws IOException {
        var files = new StoredFiles(store, evidence);
        return new PackageVerifier(files, Optional.of(evidence), Optional.empty(), Signer::verify).verify(false);
    }

    /// Checks a package in a folder or archive.
    public static Verification verify(Path place, Optional<Digest> trusted) throws IOException {
        if (Files.isRegularFile(place) && TarFiles.is(place)) {
            return verify(TarFiles.open(place), trusted, Signer::verify);
        }
        if (Files.exists(place.resolve(Seal.MANIFEST)) || Files.exists(place.resolve(PackageContents.NAME))) {
            return verify(new FolderFiles(place), trusted, Signer::verify);
        }
        throw new IOException(place + " is not an evidence package: it has no " + Seal.MANIFEST);
    }

    static Verification verify(PackageFiles files, Optional<Digest> trusted, SignatureCheck signatures)
            throws IOException {
        return new PackageVerifier(files, Optional.empty(), trusted, signatures).verify();
    }

    private Verification verify() throws IOException {
        return verify(true);
    }

    private Verification verify(boolean withBytes) throws IOException {
        files.problems().forEach(problems::add);
        byte[] raw = manifestBytes();
        Optional<Manifest> manifest = manifest(raw);
        boolean missing = withBytes && manifest.isPresent() && !files.hasData(manifest.get());
        long bytes = withBytes && manifest.isPresent() && !missing
                ? new ContentCheck(problems).check(files, manifest.get())
                : 0;
        Optional<EvidenceKey> evidence = manifest.map(Manifest::evidence).or(() -> expected);
        var log = new LogCheck(files, signatures, problems);
        List<CustodyEntry> entries = log.chain(evidence);
        Optional<Checkpoint> checkpoint = log.newest(Digest.of(raw));
        Optional<Digest> signer = checkpoint.map(Checkpoint::signer);
        boolean exported = files.exported();
        Optional<CustodyEntry> deletion = deletion(entries, checkpoint);
        if (missing && (exported || deletion.isEmpty())) {
            problems.add("data is missing");
        }
        if (exported) {
            Optional<Digest> packer = new ContentsCheck(files, signatures, problems)
                    .check(entries, evidence, manifest)
                    .map(PackageContents::signer);
            if (packer.isPresent() && signer.isPresent() && !packer.equals(signer)) {
                problems.add("%s: signed by another key than the newest checkpoint, %s"
                        .formatted(PackageContents.NAME, packer.get()));
            }
        }
        boolean pinned = trusted.isPresent() && trusted.equals(signer);
        if (trusted.isPresent() && !pinned) {
            problems.add("signed by %s, trusted is %s"
                    .formatted(signer.map(Digest::hex).orElse("nobody"), trusted.get()));
        }
        return new Verification(
                problems.all(),
                signer,
                pinned,
                bytes,
                entries.size(),
                entries.size() - checkpoint.map(Checkpoint::sequence).orElse(0),
                exported,
                missing ? deletion.map(CustodyEntry::at) : Optional.empty(),
                entries.isEmpty()
                        ? Optional.empty()
                        : Optional.of(entries.getLast().digest()));
    }

    /// Bytes may be gone when the signed log says so.
    private static Optional<CustodyEntry> deletion(List<CustodyEntry> entries, Optional<Checkpoint> checkpoint) {
        int signed = checkpoint.map(Checkpoint::sequence).orElse(0);
        return entries.stream()
                .limit(signed)
                .filter(entry -> entry.action().equals(CustodyEntry.DELETED))
                .findFirst();
    }

    private byte[] manifestBytes() throws IOException {
        try {
            return files.bytes(Seal.MANIFEST, LARGEST_MANIFEST);
        } catch (NoSuchFileException e) {
            problems.add("manifest.json is missing");
            return new byte[0];
        }
    }

    private Optional<Manifest> manifest(byte[] raw) {
        if (raw.length == 0) {
            return Optional.empty();
        }
        try {
            Manifest manifest = CanonicalJson.read(raw, Manifest.class);
            if (!Arrays.equals(raw, CanonicalJson.write(manifest))
                    || !manifest.schema().equals(Manifest.SCHEMA)) {
                problems.add("manifest.json: not as it was written");
            }
            if (expected.isPresent() && !expected.get().equals(manifest.evidence())) {
                problems.add("manifest.json is of other evidence, " + manifest.evidence());
            }
            return Optional.of(manifest);
        } catch (IOException | IllegalArgumentException e) {
            problems.add("manifest.json: " + e.getMessage());
            return Optional.empty();
        }
    }
}
