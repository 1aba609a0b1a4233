package io.varve.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Checks one evidence package offline: every byte against the manifest, the manifest against the signed checkpoint,
/// and
/// the custody chain from its first entry to its last.
///
/// A package is a folder with `manifest.json`, `data`, `custody/` and `checkpoints/`, as it lies in the store.
public final class PackageVerifier {
    static final long LARGEST_RECORD = 1 << 20;
    static final long LARGEST_MANIFEST = 256L << 20;
    private static final int BUFFER = 1 << 20;

    private static final int LONGEST_PROBLEM = 500;

    private final Package files;
    private final Optional<EvidenceKey> expected;
    private final Optional<Digest> trusted;
    private final List<String> problems = new ArrayList<>();

    private PackageVerifier(Package files, Optional<EvidenceKey> expected, Optional<Digest> trusted) {
        this.files = files;
        this.expected = expected;
        this.trusted = trusted;
    }

    /// Checks evidence in a store. Evidence that is a reference to other evidence is checked with the bytes of that.
    public static Verification verify(ObjectStore store, EvidenceKey evidence, Optional<Digest> trusted)
            throws IOException {
        return new PackageVerifier(new StoredPackage(store, evidence), Optional.of(evidence), trusted).verify();
    }

    /// Checks a package in a folder.
    public static Verification verify(Path folder, Optional<Digest> trusted) throws IOException {
        if (!Files.isRegularFile(folder.resolve(Seal.MANIFEST))) {
            throw new IOException(folder + " is not an evidence package: it has no " + Seal.MANIFEST);
        }
        return new PackageVerifier(new FolderPackage(folder), Optional.empty(), trusted).verify();
    }

    private Verification verify() throws IOException {
        byte[] raw = files.bytes(Seal.MANIFEST, LARGEST_MANIFEST);
        long bytes = 0;
        Optional<EvidenceKey> named = expected;
        try {
            Manifest manifest = CanonicalJson.read(raw, Manifest.class);
            if (expected.isPresent() && !expected.get().equals(manifest.evidence())) {
                problem("manifest.json is of other evidence, " + manifest.evidence());
            }
            named = Optional.of(manifest.evidence());
            bytes = content(manifest);
        } catch (IOException | IllegalArgumentException e) {
            problem("manifest.json: " + e.getMessage());
        }
        List<CustodyEntry> entries = chain(named);
        Optional<Checkpoint> checkpoint = checkpoint(entries, Digest.of(raw));
        Optional<Digest> signer = checkpoint.map(Checkpoint::signer);
        if (trusted.isPresent() && !trusted.equals(signer)) {
            problem("signed by %s, trusted is %s"
                    .formatted(signer.map(Digest::hex).orElse("nobody"), trusted.get()));
        }
        return new Verification(
                List.copyOf(problems),
                signer,
                trusted.isPresent() && trusted.equals(signer),
                bytes,
                entries.size(),
                entries.size() - checkpoint.map(Checkpoint::sequence).orElse(0));
    }

    private long content(Manifest manifest) throws IOException {
        Manifest.Content object = manifest.object();
        MessageDigest whole = Digest.sha256();
        long read = 0;
        try (InputStream in = files.data(manifest)) {
            for (ObjectStore.Part part : object.parts()) {
                if (part.offset() != read) {
                    problem("part %d begins at %d, expected %d".formatted(part.number(), part.offset(), read));
                }
                MessageDigest digest = Digest.sha256();
                long count = copy(in, part.size(), digest, whole);
                read += count;
                if (count < part.size()) {
                    problem("data ends at byte %d of %d, in part %d".formatted(read, object.size(), part.number()));
                    return read;
                }
                if (!Digest.finish(digest).equals(part.sha256())) {
                    problem("part %d (bytes %d to %d) was altered"
                            .formatted(part.number(), part.offset(), part.offset() + part.size() - 1));
                }
            }
            if (in.read() >= 0) {
                problem("data is longer than the %d bytes of the manifest".formatted(object.size()));
            }
        } catch (java.nio.file.NoSuchFileException e) {
            problem("data is missing");
            return read;
        }
        if (read != object.size() || !Digest.finish(whole).equals(object.sha256())) {
            problem("data does not have the SHA-256 of the manifest, " + object.sha256());
        }
        return read;
    }

    private static long copy(InputStream in, long length, MessageDigest part, MessageDigest whole) throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(1, length))];
        long done = 0;
        while (done < length) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, length - done));
            if (count < 0) {
                break;
            }
            part.update(buffer, 0, count);
            whole.update(buffer, 0, count);
            done += count;
        }
        return done;
    }

    /// Everything said may hold what the package says: one line, no control characters.
    private void problem(String text) {
        String cut = text.length() > LONGEST_PROBLEM ? text.substring(0, LONGEST_PROBLEM) + "…" : text;
        problems.add(cut.replaceAll("[\\p{Cntrl}\\u0080-\\u009f]", "?"));
    }

    private List<CustodyEntry> chain(Optional<EvidenceKey> named) throws IOException {
        var entries = new ArrayList<CustodyEntry>();
        Digest previous = CustodyEntry.NONE;
        for (String name : files.list("custody/")) {
            byte[] raw = files.bytes(name, LARGEST_RECORD);
            try {
                CustodyEntry entry = CanonicalJson.read(raw, CustodyEntry.class);
                if (!Arrays.equals(raw, CanonicalJson.write(entry))) {
                    problem(name + ": not as it was written");
                }
                if (named.isPresent() && !named.get().equals(entry.evidence())) {
                    problem(name + ": is about other evidence, " + entry.evidence());
                }
                if (entry.sequence() != entries.size() + 1) {
                    problem("%s: entry %d where %d was expected".formatted(name, entry.sequence(), entries.size() + 1));
                }
                if (!entry.previous().equals(previous)) {
                    problem(name + ": the chain is broken, the entry before was altered or removed");
                }
                entries.add(entry);
            } catch (IOException | IllegalArgumentException e) {
                problem(name + ": " + e.getMessage());
            }
            previous = Digest.of(raw);
        }
        if (entries.isEmpty()) {
            problem("the custody log is empty");
        }
        return entries;
    }

    private Optional<Checkpoint> checkpoint(List<CustodyEntry> entries, Digest manifest) throws IOException {
        Optional<Checkpoint> newest = Optional.empty();
        var covering = new HashSet<Digest>();
        for (String name : files.list("checkpoints/")) {
            try {
                Checkpoint checkpoint = CanonicalJson.read(files.bytes(name, LARGEST_RECORD), Checkpoint.class);
                if (check(name, checkpoint, entries, manifest)) {
                    newest = Optional.of(checkpoint);
                    checkpoint.manifest().ifPresent(digest -> covering.add(checkpoint.signer()));
                }
            } catch (IOException | IllegalArgumentException e) {
                problem(name + ": " + e.getMessage());
            }
        }
        if (newest.isEmpty()) {
            problem("no valid signed checkpoint");
        } else if (!covering.contains(newest.get().signer())) {
            problem("manifest.json is not signed");
        }
        return newest;
    }

    private boolean check(String name, Checkpoint checkpoint, List<CustodyEntry> entries, Digest manifest) {
        int before = problems.size();
        if (!Signer.verify(
                        checkpoint.publicKey(),
                        checkpoint.unsigned(),
                        checkpoint.signature().orElse(""))
                || !checkpoint.signer().equals(fingerprint(checkpoint.publicKey()))) {
            problem(name + ": the signature does not fit");
        }
        if (checkpoint.sequence() > entries.size()) {
            problem("%s: covers entry %d, the log ends at %d".formatted(name, checkpoint.sequence(), entries.size()));
        } else if (checkpoint.sequence() < 1
                || !entries.get(checkpoint.sequence() - 1).digest().equals(checkpoint.digest())) {
            problem("%s: entry %d is not the one that was signed".formatted(name, checkpoint.sequence()));
        }
        if (checkpoint.manifest().isPresent() && !checkpoint.manifest().get().equals(manifest)) {
            problem(name + ": manifest.json is not the one that was signed");
        }
        return problems.size() == before;
    }

    private static Digest fingerprint(String publicKey) {
        return Digest.of(java.util.Base64.getDecoder().decode(publicKey));
    }

    /// The files of a package, wherever they lie.
    private interface Package {
        byte[] bytes(String name, long limit) throws IOException;

        InputStream data(Manifest manifest) throws IOException;

        List<String> list(String prefix) throws IOException;
    }

    private record FolderPackage(Path folder) implements Package {
        @Override
        public byte[] bytes(String name, long limit) throws IOException {
            try (InputStream in = Files.newInputStream(folder.resolve(name))) {
                return in.readNBytes((int) limit);
            }
        }

        @Override
        public InputStream data(Manifest manifest) throws IOException {
            return Files.newInputStream(manifest.sameBytesAs()
                    .map(other -> folder.resolveSibling(other.id()))
                    .orElse(folder)
                    .resolve(Seal.DATA));
        }

        @Override
        public List<String> list(String prefix) throws IOException {
            Path start = folder.resolve(prefix);
            if (!Files.isDirectory(start)) {
                return List.of();
            }
            try (Stream<Path> paths = Files.list(start)) {
                return paths.map(path -> prefix + path.getFileName()).sorted().toList();
            }
        }
    }

    private record StoredPackage(ObjectStore store, EvidenceKey evidence) implements Package {
        @Override
        public byte[] bytes(String name, long limit) throws IOException {
            try (InputStream in = store.read(evidence.object(name), 0, limit)) {
                return in.readAllBytes();
            }
        }

        @Override
        public InputStream data(Manifest manifest) throws IOException {
            return store.read(manifest.sameBytesAs().orElse(evidence).object(Seal.DATA), 0, Long.MAX_VALUE);
        }

        @Override
        public List<String> list(String prefix) throws IOException {
            int strip = evidence.object("").length();
            try (Stream<String> names = store.list(evidence.object(prefix))) {
                return names.map(name -> name.substring(strip)).toList();
            }
        }
    }
}
