package io.varve.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Makes evidence ready to leave: an entry of its custody log says so, everything up to that entry is signed, and so is
/// the list of what the package holds. [PackageStream] then writes the package from the store as often as it is wanted.
public final class EvidenceExport {
    private final CustodyLogs logs;
    private final ObjectStore store;
    private final SigningKeys keys;
    private final Seal seal;

    public EvidenceExport(CustodyLogs logs, SigningKeys keys) {
        this.logs = logs;
        this.store = logs.store();
        this.keys = keys;
        this.seal = new Seal(logs, keys);
    }

    /// What becomes of a checkpoint before it is packed: a time stamp is got for it, where there is an authority.
    @FunctionalInterface
    public interface Stamp {
        void stamp(Checkpoint checkpoint) throws IOException;

        Stamp NONE = checkpoint -> {};
    }

    /// Prepares one export, or goes on with it after a crash.
    ///
    /// @param id letters, digits and `-`
    /// @param actor who wants the package
    /// @param reason why
    /// @param published the keys custody was ever signed with
    public PackageContents prepare(
            EvidenceKey evidence, String id, String actor, String reason, PublicKeys published, Stamp stamp)
            throws IOException {
        var stream = new PackageStream(store);
        Optional<PackageContents> before = stream.contents(evidence, id);
        if (before.isPresent()) {
            return before.get();
        }
        Manifest manifest = seal.manifest(evidence).orElseThrow(() -> new IOException(evidence + " is not sealed"));
        logs.of(evidence)
                .appendOnce(actor, "exported", reason.isEmpty() ? "package " + id : "package " + id + ": " + reason);
        Checkpoint head = seal.sign(evidence);
        stamp.stamp(head);
        Signer signer = keys.current();
        PackageContents contents = new PackageContents(
                        PackageContents.SCHEMA,
                        evidence,
                        id,
                        logs.clock().instant().truncatedTo(ChronoUnit.SECONDS),
                        actor,
                        head.sequence(),
                        head.digest(),
                        files(evidence, id, manifest, head, published),
                        signer.fingerprint(),
                        signer.publicKey(),
                        Optional.empty())
                .signed(signer);
        store.create(stream.name(evidence, id, PackageContents.NAME), CanonicalJson.write(contents));
        return contents;
    }

    private List<PackageContents.Item> files(
            EvidenceKey evidence, String id, Manifest manifest, Checkpoint head, PublicKeys published)
            throws IOException {
        var items = new ArrayList<PackageContents.Item>();
        items.add(derived(evidence, id, PackageStream.README, readme(evidence).getBytes(StandardCharsets.UTF_8)));
        items.add(derived(evidence, id, PublicKeys.NAME, CanonicalJson.write(published)));
        items.add(item(evidence, Seal.MANIFEST));
        for (String folder : List.of("custody/", "checkpoints/", "timestamps/")) {
            for (String name : names(evidence, folder)) {
                if (CustodyLog.sequence(name) <= head.sequence()) {
                    items.add(item(evidence, name));
                }
            }
        }
        items.add(new PackageContents.Item(
                Seal.DATA, manifest.object().size(), manifest.object().sha256()));
        return items;
    }

    /// A file of the package that is not among the evidence's own.
    private PackageContents.Item derived(EvidenceKey evidence, String id, String name, byte[] content)
            throws IOException {
        String object = new PackageStream(store).name(evidence, id, name);
        if (store.info(object).isEmpty()) {
            store.create(object, content);
        }
        byte[] kept = bytes(object);
        return new PackageContents.Item(name, kept.length, Digest.of(kept));
    }

    private PackageContents.Item item(EvidenceKey evidence, String name) throws IOException {
        byte[] content = bytes(evidence.object(name));
        return new PackageContents.Item(name, content.length, Digest.of(content));
    }

    private List<String> names(EvidenceKey evidence, String folder) throws IOException {
        int strip = evidence.object("").length();
        try (Stream<String> names = store.list(evidence.object(folder))) {
            return names.map(name -> name.substring(strip)).toList();
        }
    }

    private byte[] bytes(String object) throws IOException {
        try (InputStream in = store.read(object, 0, PackageVerifier.LARGEST_MANIFEST)) {
            return in.readAllBytes();
        }
    }

    private static String readme(EvidenceKey evidence) {
        return """
            Varve evidence package of %s

            data            the evidence, byte for byte as it was captured
            manifest.json   what it is: size, SHA-256 of the whole and of every part
            custody/        who did what with it and when; each entry holds the SHA-256 of the one before
            checkpoints/    Ed25519 signatures over the log so far and the manifest
            timestamps/     RFC 3161 time stamps of checkpoints, where there are any
            keys.json       the public keys the installation has signed with
            package.json    the signed list of all of this

            To check it: varve verify THIS --trust FINGERPRINT
            or the Python program of docs/verify.md. Take the fingerprint from the installation
            or from whoever gave you the package, by another way than the package itself.
            """.formatted(evidence.id());
    }
}
