package io.varve.engine;

import io.varve.binary.Bytes;
import io.varve.disk.Entry;
import io.varve.disk.Evidence;
import io.varve.disk.EvidenceFile;
import io.varve.disk.EvidenceVisitor;
import io.varve.disk.Scratch;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `cat`: the bytes of one file, named as `files` and events name it.
@Command(
        name = "cat",
        mixinStandardHelpOptions = true,
        description = "Writes the bytes of one file to standard output.")
final class CatCommand implements Callable<Integer> {
    private static final int CHUNK = 256 << 10;

    @Parameters(index = "0", paramLabel = "EVIDENCE")
    private String evidence = "";

    @Parameters(index = "1", paramLabel = "PATH")
    private String path = "";

    @Option(names = "--volume", paramLabel = "V", description = "volume the path is in")
    private @Nullable String volume;

    @Mixin
    private ScratchOptions scratch = new ScratchOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        NamedEvidence named = NamedEvidence.of(evidence, spec);
        if (volume != null) {
            throw NamedEvidence.usage(spec, "%s has no volumes".formatted(evidence));
        }
        var search = new Search(path.startsWith("/") ? path : "/" + path);
        try (Evidence opened = Evidence.open(named.path(), scratch.scratch())) {
            opened.walk(search);
        } catch (IOException e) {
            search.complain(Scratch.reason(e));
        }
        if (!search.found && !search.damaged) {
            System.err.println("varve: %s holds no file %s".formatted(evidence, path));
        }
        return search.found ? search.damaged ? 1 : 0 : 3;
    }

    /// Walks only towards the path.
    private static final class Search implements EvidenceVisitor {
        private final String wanted;
        private boolean found;
        private boolean damaged;

        Search(String wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean enters(Entry folder) {
            return wanted.startsWith(folder.path() + "/") || wanted.startsWith(folder.path() + "!/");
        }

        @Override
        public void file(Entry entry, EvidenceFile file) {
            if (!entry.path().equals(wanted)) {
                return;
            }
            if (found) {
                System.err.println("varve: %s is there more than once, the first was written".formatted(wanted));
                return;
            }
            found = true;
            try (Bytes content = file.open()) {
                copy(content);
            } catch (IOException e) {
                complain(Scratch.reason(e));
            }
        }

        @Override
        public void archive(Entry entry, EvidenceFile file, long members) {
            file(entry, file);
        }

        private void copy(Bytes content) throws IOException {
            OutputStream out = new FileOutputStream(FileDescriptor.out);
            byte[] chunk = new byte[(int) Math.min(CHUNK, content.size())];
            for (long at = 0; at < content.size(); at += chunk.length) {
                int count = (int) Math.min(chunk.length, content.size() - at);
                content.read(at, chunk, 0, count);
                write(out, chunk, count);
            }
        }

        private static void write(OutputStream out, byte[] chunk, int count) {
            try {
                out.write(chunk, 0, count);
            } catch (IOException e) {
                throw new OutputException(e);
            }
        }

        @Override
        public void unreadable(Entry entry, String reason) {
            if (entry.path().equals(wanted)) {
                complain(reason);
            }
        }

        @Override
        public void damaged(String path, OptionalLong offset, String reason) {
            if (wanted.startsWith(path)) {
                complain("%s: %s".formatted(path, reason));
            }
        }

        void complain(String reason) {
            damaged = true;
            System.err.println("varve: " + reason);
        }
    }
}
