package io.varve.engine;

import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.UnsupportedException;
import io.varve.disk.Entry;
import io.varve.disk.Evidence;
import io.varve.disk.EvidenceFile;
import io.varve.disk.EvidenceVisitor;
import io.varve.disk.Scratch;
import io.varve.disk.volume.Keys;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `files`: every name in the evidence with its metadata, and digests of contents on request.
@Command(
        name = "files",
        mixinStandardHelpOptions = true,
        description = "Lists every file in the evidence, one JSON object a line.")
final class FilesCommand implements Callable<Integer> {
    private static final Map<String, String> ALGORITHMS = Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256");
    private static final int CHUNK = 256 << 10;
    private static final int MOST_THREADS = 8;

    @Parameters(paramLabel = "EVIDENCE")
    private String evidence = "";

    @Option(
            names = "--hash",
            split = ",",
            paramLabel = "md5,sha256",
            description = "digests of contents: md5, sha1, sha256")
    private List<String> hashes = List.of();

    @Option(names = "-o", paramLabel = "FILE", description = "the list goes here instead of standard output")
    private @Nullable Path output;

    @Option(names = "--archives", description = "members of archives that lie in a disk's file systems too")
    private boolean archives;

    @Mixin
    private KeyOption keys = new KeyOption();

    @Mixin
    private ScratchOptions scratch = new ScratchOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        Keys unlocking = keys.keys(spec);
        for (String hash : hashes) {
            if (!ALGORITHMS.containsKey(hash)) {
                throw NamedEvidence.usage(spec, "--hash %s: known are md5, sha1 and sha256".formatted(hash));
            }
        }
        NamedEvidence named = NamedEvidence.of(evidence, spec);
        Optional<Path> file = Optional.ofNullable(output);
        file.ifPresent(path -> named.refuseInside(path, spec));
        try (JsonGenerator json = FileOutput.lines(file, spec)) {
            return list(named, json, unlocking);
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }

    private int list(NamedEvidence named, JsonGenerator json, Keys unlocking) {
        var lister = new Lister(json);
        try (Evidence opened = Evidence.open(named.path(), scratch.scratch(), unlocking)) {
            opened.walk(lister);
        } catch (IOException e) {
            lister.complain(named.rootPath(), Scratch.reason(e));
        }
        return lister.lost == 0 ? 0 : lister.listed == 0 ? 3 : 1;
    }

    private final class Lister implements EvidenceVisitor {
        private final JsonGenerator json;
        private final Terminal terminal = Terminal.ofStandardError();
        private long listed;
        private long lost;

        Lister(JsonGenerator json) {
            this.json = json;
        }

        /// Only contents are worth several threads.
        @Override
        public int threads() {
            return hashes.isEmpty() ? 1 : Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS);
        }

        @Override
        public boolean enters(Entry folder) {
            return folder.type() == Entry.Type.DIRECTORY || folder.origin().isEmpty() || archives;
        }

        @Override
        public void unreadVolume(String name, String kind, long offset, long size, String reason) {
            complain("volume " + name, reason);
        }

        @Override
        public void file(Entry entry, EvidenceFile file) {
            Map<String, String> digests = Map.of();
            long size = entry.size();
            if (hashes.isEmpty() && entry.origin().isPresent()) {
                // a file system states the size: nothing needs to be opened
                write(entry, size, digests);
                return;
            }
            try (Bytes content = file.open()) {
                size = entry.origin().isPresent() ? size : content.size();
                digests = digests(content);
            } catch (IOException e) {
                complainOf(entry, Scratch.reason(e));
            } catch (CorruptException | UnsupportedException e) {
                complainOf(entry, Scratch.reason(e));
            }
            write(entry, size, digests);
        }

        @Override
        public void archive(Entry entry, EvidenceFile file, long members) {
            file(entry, file);
        }

        @Override
        public void name(Entry entry) {
            write(entry, entry.size(), Map.of());
        }

        @Override
        public void unreadable(Entry entry, String reason) {
            complainOf(entry, reason);
            write(entry, entry.size(), Map.of());
        }

        @Override
        public void damaged(String path, OptionalLong offset, String reason) {
            complain(path, reason);
        }

        @Override
        public void noted(String path, String reason) {
            System.err.println("%s: %s".formatted(path, reason));
        }

        @Override
        public void progress(long done, long total, String path) {
            terminal.show(done, total, path);
        }

        /// What was deleted may be overwritten: that is no loss.
        private void complainOf(Entry entry, String reason) {
            if (entry.allocated()) {
                complain(entry.path(), reason);
            }
        }

        private synchronized void complain(String path, String reason) {
            lost++;
            System.err.println("%s: %s".formatted(path, reason));
        }

        private Map<String, String> digests(Bytes content) throws IOException {
            Map<String, MessageDigest> digests = new TreeMap<>();
            hashes.forEach(hash -> digests.put(hash, digest(hash)));
            if (digests.isEmpty()) {
                return Map.of();
            }
            byte[] chunk = new byte[(int) Math.min(CHUNK, content.size())];
            for (long at = 0; at < content.size(); at += chunk.length) {
                int count = (int) Math.min(chunk.length, content.size() - at);
                content.read(at, chunk, 0, count);
                digests.values().forEach(digest -> digest.update(chunk, 0, count));
            }
            Map<String, String> texts = new TreeMap<>();
            digests.forEach((hash, digest) -> texts.put(hash, HexFormat.of().formatHex(digest.digest())));
            return texts;
        }

        private synchronized void write(Entry entry, long size, Map<String, String> digests) {
            listed++;
            try {
                EntryJson.write(entry, size, digests, json);
                Optional<Entry> second = asTheSleuthKitLists(entry);
                if (second.isPresent()) {
                    EntryJson.write(second.get(), size, digests, json);
                }
            } catch (IOException e) {
                throw new OutputException(e);
            }
        }
    }

    /// The Sleuth Kit lists two things once more, under names that people search for: what `$FILE_NAME` says of a
    /// deleted
    /// file of NTFS, and the named stream of a folder as one of its `.`.
    private static Optional<Entry> asTheSleuthKitLists(Entry entry) {
        Optional<Entry.Origin> origin = entry.origin();
        if (origin.flatMap(Entry.Origin::nameTimes).isPresent() && !entry.allocated()) {
            return Optional.of(entry.withPath(entry.path() + " ($FILE_NAME)"));
        }
        Optional<String> stream = origin.filter(Entry.Origin::ofFolder).flatMap(Entry.Origin::stream);
        return stream.map(name -> {
            String folder = entry.path().substring(0, entry.path().length() - name.length() - 1);
            return entry.withPath(folder + "/.:" + name);
        });
    }

    private static MessageDigest digest(String hash) {
        try {
            return MessageDigest.getInstance(ALGORITHMS.getOrDefault(hash, hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
