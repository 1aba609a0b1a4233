package io.varve.engine;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.UnsupportedException;
import io.varve.disk.Entry;
import io.varve.disk.Evidence;
import io.varve.disk.EvidenceFile;
import io.varve.disk.EvidenceVisitor;
import io.varve.disk.Scratch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Finds one file in evidence and uses its bytes while they are open: straight to it on a disk, by a walk that enters
/// nothing but what leads to it elsewhere.
public final class FileSearch implements EvidenceVisitor {
    private final String wanted;
    private final Use use;
    private final List<String> problems = new ArrayList<>();
    private boolean found;
    private boolean damaged;

    private FileSearch(String wanted, Use use) {
        this.wanted = wanted;
        this.use = use;
    }

    /// What is done with the bytes.
    public interface Use {
        void of(Bytes content) throws IOException;
    }

    /// @param problems what a person should know of it
    public record Result(boolean found, boolean damaged, List<String> problems) {}

    /// @param path as [Entry] has it; of several volumes the first that has it when none is named
    public static Result of(Evidence evidence, Optional<String> volume, String path, Use use) {
        var search = new FileSearch(path.startsWith("/") ? path : "/" + path, use);
        try {
            if (evidence.volumes().isEmpty() || search.wanted.contains("!/")) {
                evidence.walk(search);
            } else {
                search.straight(evidence, volume);
            }
        } catch (IOException | CorruptException | UnsupportedException e) {
            search.complain(Scratch.reason(e));
        }
        return new Result(search.found, search.damaged, search.problems);
    }

    private void straight(Evidence disk, Optional<String> volume) throws IOException {
        Optional<EvidenceFile> file = disk.find(volume, wanted);
        if (file.isPresent()) {
            use(file.get());
        }
    }

    private void use(EvidenceFile file) {
        found = true;
        try (Bytes content = file.open()) {
            use.of(content);
        } catch (IOException | CorruptException | UnsupportedException e) {
            complain(Scratch.reason(e));
        }
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
            problems.add("%s is there more than once, the first was taken".formatted(wanted));
            return;
        }
        use(file);
    }

    @Override
    public void archive(Entry entry, EvidenceFile file, long members) {
        file(entry, file);
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

    private void complain(String reason) {
        damaged = true;
        problems.add(reason);
    }
}
