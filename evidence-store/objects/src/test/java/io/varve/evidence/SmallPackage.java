package io.varve.evidence;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// An exported package of a few hundred bytes of evidence in two parts, with five custody entries and two checkpoints.
///
/// @param archive as it is downloaded
/// @param files as they are unpacked
record SmallPackage(EvidenceKey evidence, byte[] archive, NavigableMap<String, byte[]> files, Digest signer) {
    static final String FIRST = "what the host looked like, ";
    static final String SECOND = "byte for byte";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T01:00:00Z"), ZoneOffset.UTC);

    /// Makes one below a folder, signed with the key kept in another.
    static SmallPackage make(Path folder, Path keys, EvidenceKey evidence) throws IOException {
        var store = new DirectoryStore(folder);
        var signing = new SigningKeys(keys);
        Signer signer = signing.current();
        var logs = new CustodyLogs(store, CustodyWitness.NONE, CLOCK);
        var custody = new CustodyLog(store, evidence, CLOCK);
        custody.append("worker:w1", "capture.started", "requested by user:alice, \"triage\" of web01 \u00fc\t\u0001");
        try (var parts = new ByteArrayInputStream((FIRST + SECOND).getBytes(StandardCharsets.UTF_8))) {
            ObjectStore.Upload upload = store.upload(evidence.object(Seal.DATA));
            upload.part(1, 0, Digest.of(FIRST.getBytes(StandardCharsets.UTF_8)), parts, FIRST.length());
            upload.part(2, FIRST.length(), Digest.of(SECOND.getBytes(StandardCharsets.UTF_8)), parts, SECOND.length());
        }
        new Seal(logs, signing)
                .seal(
                        evidence,
                        new Seal.Origin(
                                "c1", "endpoint", "triage", "web01", CLOCK.instant(), "application/gzip", Map.of()),
                        "worker:w1",
                        digest -> Optional.empty());
        custody.append("worker:w1", "processed", "run 1, 17 events");
        custody.append("user:alice", "downloaded", "40 bytes");
        PackageContents contents = new EvidenceExport(logs, signing)
                .prepare(evidence, "e1", "user:bob", "for the court", keys(signer), EvidenceExport.Stamp.NONE);
        var out = new ByteArrayOutputStream();
        new PackageStream(store).write(contents, out);
        Path archive = Files.write(folder.resolve("package.tar"), out.toByteArray());
        TarFiles tar = TarFiles.open(archive);
        var files = new TreeMap<String, byte[]>();
        for (String name : tar.list("")) {
            files.put(name, tar.bytes(name, 1 << 20));
        }
        return new SmallPackage(evidence, out.toByteArray(), files, signer.fingerprint());
    }

    byte[] file(String name) {
        return Objects.requireNonNull(files.get(name), name);
    }

    static PublicKeys keys(Signer signer) {
        return new PublicKeys(List.of(
                new PublicKeys.Key(signer.fingerprint(), signer.publicKey(), CLOCK.instant(), Optional.empty())));
    }

    static void unpack(Map<String, byte[]> files, Path folder) throws IOException {
        for (var file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
    }

    /// A package in memory.
    record MemoryFiles(NavigableMap<String, byte[]> files) implements PackageFiles {
        @Override
        public byte[] bytes(String name, long limit) throws IOException {
            byte[] bytes = files.get(name);
            if (bytes == null) {
                throw new NoSuchFileException(name);
            }
            return bytes;
        }

        @Override
        public boolean hasData(Manifest manifest) {
            return files.containsKey(Seal.DATA);
        }

        @Override
        public InputStream data(Manifest manifest) throws IOException {
            return new ByteArrayInputStream(bytes(Seal.DATA, Long.MAX_VALUE));
        }

        @Override
        public List<String> list(String prefix) {
            return files.keySet().stream()
                    .filter(name -> name.startsWith(prefix))
                    .toList();
        }

        @Override
        public boolean exported() {
            return true;
        }
    }
}
