package io.varve.engine;

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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/// `files`: every name in the evidence with its metadata, and digests of contents on request.
final class FilesCommand implements Command {
    private static final Map<String, String> ALGORITHMS = Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256");
    private static final String HASH = "--hash";
    private static final String OUTPUT = "-o";
    private static final String ARCHIVES = "--archives";
    private static final int CHUNK = 256 << 10;
    private static final int MOST_THREADS = 8;

    private List<String> hashes = List.of();
    private boolean archives;

    @Override
    public Syntax syntax() {
        var options = new ArrayList<>(List.of(
                Syntax.Option.several(HASH, "md5,sha256", "digests of contents: md5, sha1, sha256"),
                Syntax.Option.one(OUTPUT, "FILE", "the list goes here instead of standard output"),
                Syntax.Option.flag(ARCHIVES, "members of archives that lie in a disk's file systems too"),
                KeyOption.OPTION));
        options.addAll(ScratchOptions.OPTIONS);
        return new Syntax(
                "files", "Lists every file in the evidence, one JSON object a line.", "EVIDENCE", 1, 1, options);
    }

    @Override
    public int run(Arguments arguments) {
        hashes = arguments.all(HASH).stream()
                .flatMap(list -> Stream.of(list.split(",")))
                .distinct()
                .toList();
        archives = arguments.has(ARCHIVES);
        for (String hash : hashes) {
            if (!ALGORITHMS.containsKey(hash)) {
                throw new UsageException("--hash %s: known are md5, sha1 and sha256".formatted(hash));
            }
        }
        Keys keys = KeyOption.keys(arguments);
        Scratch scratch = ScratchOptions.scratch(arguments);
        NamedEvidence named = NamedEvidence.of(arguments.operands().getFirst());
        Optional<Path> file = arguments.path(OUTPUT);
        file.ifPresent(named::refuseInside);
        try (var lines = new EntryLines(FileOutput.stream(file))) {
            return list(named, lines, scratch, keys);
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }

    private int list(NamedEvidence named, EntryLines lines, Scratch scratch, Keys keys) {
        var lister = new Lister(lines);
        try (Evidence opened = Evidence.open(named.path(), scratch, keys)) {
            opened.walk(lister);
        } catch (IOException e) {
            lister.complain(named.rootPath(), Scratch.reason(e));
        }
        return lister.lost == 0 ? 0 : lister.listed == 0 ? 3 : 1;
    }

    private final class Lister implements EvidenceVisitor {
        private final EntryLines lines;
        private final Terminal terminal = Terminal.ofStandardError();
        private long listed;
        private long lost;

        Lister(EntryLines lines) {
            this.lines = lines;
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
            lines.add(entry, size, digests);
            Optional<Entry> second = asTheSleuthKitLists(entry);
            if (second.isPresent()) {
                lines.add(second.get(), size, digests);
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
        if (stream.isEmpty()) {
            return Optional.empty();
        }
        String folder =
                entry.path().substring(0, entry.path().length() - stream.get().length() - 1);
        return Optional.of(entry.withPath(folder + "/.:" + stream.get()));
    }

    private static MessageDigest digest(String hash) {
        try {
            return MessageDigest.getInstance(ALGORITHMS.getOrDefault(hash, hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
