package io.varve.artefact;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The real evidence that tests read in place, and what independent tools state about it (`expected.tsv`).
final class Corpus {
    private static final Path FOLDER = Path.of(System.getProperty("varve.corpus", "none"));

    private Corpus() {}

    /// One line of `expected.tsv`.
    record Fact(String path, String kind, String value) {}

    /// Skips the test, with a message, on a machine that has no corpus.
    static void assumePresent() {
        assumeTrue(
                Files.isRegularFile(FOLDER.resolve("expected.tsv")),
                "no corpus at " + FOLDER + ": set varve.corpus to run this test");
    }

    static List<Fact> facts() throws IOException {
        var facts = new ArrayList<Fact>();
        for (String line : Files.readAllLines(FOLDER.resolve("expected.tsv"))) {
            String[] columns = line.split("\t", -1);
            if (columns.length > 2) {
                facts.add(new Fact(columns[0], columns[1], columns[2]));
            }
        }
        return facts;
    }

    static List<String> lines(String path) throws IOException {
        return Files.readAllLines(FOLDER.resolve(path));
    }

    /// A file of the corpus under the path it had on its host; `.zst` is unpacked, as the engine does.
    static MemoryFile file(String path, String hostPath) throws IOException {
        byte[] bytes = Files.readAllBytes(FOLDER.resolve(path));
        if (!path.endsWith(".zst")) {
            return new MemoryFile(hostPath, bytes);
        }
        try (InputStream plain = new ZstdInputStream(new ByteArrayInputStream(bytes))) {
            return new MemoryFile(hostPath.substring(0, hostPath.length() - 4), plain.readAllBytes());
        }
    }

    /// All files below a folder of the corpus, as paths in the corpus.
    static List<String> files(String folder) {
        try (Stream<Path> walk = Files.walk(FOLDER.resolve(folder))) {
            return walk.filter(Files::isRegularFile)
                    .map(path -> FOLDER.relativize(path).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return fail(e);
        }
    }
}
