package io.varve.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/// Writes a prepared package as one archive, straight from the store.
public final class PackageStream {
    static final String README = "README.txt";
    /// What an export adds to the evidence's own files.
    static final List<String> DERIVED = List.of(PackageContents.NAME, README, PublicKeys.NAME);

    private final ObjectStore store;

    public PackageStream(ObjectStore store) {
        this.store = store;
    }

    /// What an export holds, once it is prepared.
    public Optional<PackageContents> contents(EvidenceKey evidence, String id) throws IOException {
        String name = name(evidence, id, PackageContents.NAME);
        if (store.info(name).isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = store.read(name, 0, PackageVerifier.LARGEST_MANIFEST)) {
            return Optional.of(CanonicalJson.read(in.readAllBytes(), PackageContents.class));
        }
    }

    /// Bytes of the archive.
    public long size(PackageContents contents) {
        return contents.files().stream()
                        .mapToLong(item -> Tar.space(item.size()))
                        .sum()
                + Tar.space(CanonicalJson.write(contents).length)
                + Tar.END;
    }

    public void write(PackageContents contents, OutputStream out) throws IOException {
        EvidenceKey evidence = contents.evidence();
        EvidenceKey holder = holder(evidence);
        add(
                contents,
                new PackageContents.Item(PackageContents.NAME, CanonicalJson.write(contents).length, contents.head()),
                holder,
                out);
        for (PackageContents.Item item : contents.files()) {
            add(contents, item, holder, out);
        }
        out.write(new byte[Tar.END]);
    }

    private void add(PackageContents contents, PackageContents.Item item, EvidenceKey holder, OutputStream out)
            throws IOException {
        EvidenceKey evidence = contents.evidence();
        String object = DERIVED.contains(item.name())
                ? name(evidence, contents.id(), item.name())
                : item.name().equals(Seal.DATA) ? holder.object(Seal.DATA) : evidence.object(item.name());
        try (InputStream content = store.read(object, 0, item.size())) {
            Tar.write(out, evidence.id() + "/" + item.name(), item.size(), contents.at(), content);
        }
    }

    private EvidenceKey holder(EvidenceKey evidence) throws IOException {
        try (InputStream in = store.read(evidence.object(Seal.MANIFEST), 0, PackageVerifier.LARGEST_MANIFEST)) {
            return CanonicalJson.read(in.readAllBytes(), Manifest.class)
                    .sameBytesAs()
                    .orElse(evidence);
        }
    }

    String name(EvidenceKey evidence, String id, String name) {
        return evidence.object("exports/%s/%s".formatted(id, name));
    }
}
