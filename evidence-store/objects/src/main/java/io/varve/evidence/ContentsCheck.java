package io.varve.evidence;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Holds an exported package against its signed list of contents: nothing missing, nothing added, nothing changed.
final class ContentsCheck {
    private final PackageFiles files;
    private final PackageVerifier.SignatureCheck signatures;
    private final Problems problems;

    ContentsCheck(PackageFiles files, PackageVerifier.SignatureCheck signatures, Problems problems) {
        this.files = files;
        this.signatures = signatures;
        this.problems = problems;
    }

    /// @param manifest of the evidence, where it could be read
    /// @return the list, when its signature fits
    Optional<PackageContents> check(
            List<CustodyEntry> entries, Optional<EvidenceKey> evidence, Optional<Manifest> manifest)
            throws IOException {
        PackageContents contents;
        try {
            byte[] raw = files.bytes(PackageContents.NAME, PackageVerifier.LARGEST_MANIFEST);
            contents = CanonicalJson.read(raw, PackageContents.class);
            if (!Arrays.equals(raw, CanonicalJson.write(contents))
                    || !contents.schema().equals(PackageContents.SCHEMA)) {
                problems.add(PackageContents.NAME + ": not as it was written");
            }
        } catch (NoSuchFileException e) {
            problems.add(PackageContents.NAME + " is missing");
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            problems.add(PackageContents.NAME + ": " + e.getMessage());
            return Optional.empty();
        }
        compare(contents, manifest);
        if (evidence.isPresent() && !evidence.get().equals(contents.evidence())) {
            problems.add(PackageContents.NAME + ": is about other evidence, " + contents.evidence());
        }
        if (contents.entries() != entries.size()
                || !entries.isEmpty() && !entries.getLast().digest().equals(contents.head())) {
            problems.add("%s: the log had %d entries and ended with digest %s when it was exported, now %d and %s"
                    .formatted(
                            PackageContents.NAME,
                            contents.entries(),
                            contents.head(),
                            entries.size(),
                            entries.isEmpty() ? "none" : entries.getLast().digest()));
        }
        if (!signatures.fits(contents.signer(), contents.publicKey(), contents.unsigned(), contents.signature())) {
            problems.add(PackageContents.NAME + ": the signature does not fit");
            return Optional.empty();
        }
        return Optional.of(contents);
    }

    private void compare(PackageContents contents, Optional<Manifest> manifest) throws IOException {
        Set<String> listed = new HashSet<>(Set.of(PackageContents.NAME));
        for (PackageContents.Item item : contents.files()) {
            listed.add(item.name());
            if (!item.name().equals(Seal.DATA)) {
                compare(item);
                continue;
            }
            // its bytes are read once, against the manifest
            Optional<Manifest.Content> object = manifest.map(Manifest::object);
            if (object.isPresent()
                    && (object.get().size() != item.size()
                            || !object.get().sha256().equals(item.sha256()))) {
                problems.add("data is listed with another digest than in the manifest");
            }
        }
        for (String name : files.list("")) {
            if (!listed.contains(name)) {
                problems.add(name + ": does not belong to the package");
            }
        }
    }

    private void compare(PackageContents.Item item) throws IOException {
        if (!item.name().matches("[A-Za-z0-9][A-Za-z0-9-]*(/[A-Za-z0-9-]+)?(\\.[a-z]+)?")) {
            problems.add(PackageContents.NAME + ": lists a file of the name " + item.name());
            return;
        }
        try {
            byte[] raw = files.bytes(item.name(), PackageVerifier.LARGEST_MANIFEST);
            if (raw.length != item.size() || !Digest.of(raw).equals(item.sha256())) {
                problems.add(item.name() + ": was altered since it was exported");
            }
        } catch (NoSuchFileException e) {
            problems.add(item.name() + ": is missing");
        }
    }
}
