package io.varve.engine;

import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.binary.Bytes;
import io.varve.disk.Entry;
import io.varve.disk.Evidence;
import io.varve.disk.EvidenceFile;
import io.varve.disk.EvidenceVisitor;
import io.varve.disk.Scratch;
import io.varve.event.EventTime;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
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

    @Mixin
    private KeyOption keys = new KeyOption();

    @Mixin
    private ScratchOptions scratch = new ScratchOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        keys.check(spec);
        for (String hash : hashes) {
            if (!ALGORITHMS.containsKey(hash)) {
                throw NamedEvidence.usage(spec, "--hash %s: known are md5, sha1 and sha256".formatted(hash));
            }
        }
        NamedEvidence named = NamedEvidence.of(evidence, spec);
        Optional<Path> file = Optional.ofNullable(output);
        file.ifPresent(path -> named.refuseInside(path, spec));
        try (JsonGenerator json = FileOutput.lines(file, spec)) {
            return list(named, json);
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }

    private int list(NamedEvidence named, JsonGenerator json) {
        var lister = new Lister(json);
        try (Evidence opened = Evidence.open(named.path(), scratch.scratch())) {
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

        @Override
        public void file(Entry entry, EvidenceFile file) {
            Map<String, String> digests = Map.of();
            long size = entry.size();
            try (Bytes content = file.open()) {
                size = content.size();
                digests = digests(content);
            } catch (IOException e) {
                complain(entry.path(), Scratch.reason(e));
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
            complain(entry.path(), reason);
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

        private void complain(String path, String reason) {
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

        private void write(Entry entry, long size, Map<String, String> digests) {
            listed++;
            try {
                json.writeStartObject();
                json.writeStringField("path", entry.path());
                text("volume", entry.volume());
                text("filesystem", Optional.empty());
                number("inode", entry.inode());
                json.writeStringField("type", entry.type().name().toLowerCase(Locale.ROOT));
                json.writeNumberField("size", size);
                json.writeBooleanField("allocated", true);
                text(
                        "mode",
                        entry.mode().isPresent()
                                ? Optional.of("%04o".formatted(entry.mode().getAsInt()))
                                : Optional.empty());
                number("uid", entry.uid());
                number("gid", entry.gid());
                text("mtime", entry.times().modified().map(EventTime::iso));
                text("atime", entry.times().accessed().map(EventTime::iso));
                text("ctime", entry.times().changed().map(EventTime::iso));
                text("crtime", entry.times().created().map(EventTime::iso));
                text("target", entry.target());
                for (Map.Entry<String, String> digest : digests.entrySet()) {
                    json.writeStringField(digest.getKey(), digest.getValue());
                }
                json.writeEndObject();
            } catch (IOException e) {
                throw new OutputException(e);
            }
        }

        private void text(String name, Optional<String> value) throws IOException {
            if (value.isPresent()) {
                json.writeStringField(name, value.get());
            }
        }

        private void number(String name, OptionalLong value) throws IOException {
            if (value.isPresent()) {
                json.writeNumberField(name, value.getAsLong());
            }
        }
    }

    private static MessageDigest digest(String hash) {
        try {
            return MessageDigest.getInstance(ALGORITHMS.getOrDefault(hash, hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
