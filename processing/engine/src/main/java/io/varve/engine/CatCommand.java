package io.varve.engine;

import io.varve.binary.Bytes;
import io.varve.disk.Evidence;
import io.varve.disk.Scratch;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
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
    private KeyOption keys = new KeyOption();

    @Mixin
    private ScratchOptions scratch = new ScratchOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        NamedEvidence named = NamedEvidence.of(evidence, spec);
        FileSearch.Result result;
        try (Evidence opened = Evidence.open(named.path(), scratch.scratch(), keys.keys(spec))) {
            Optional<String> in = Optional.ofNullable(volume);
            if (in.isPresent() && !opened.volumes().contains(in.get())) {
                throw NamedEvidence.usage(
                        spec,
                        opened.volumes().isEmpty()
                                ? "%s has no volumes".formatted(evidence)
                                : "%s has no volume %s that can be read; there are: %s"
                                        .formatted(evidence, in.get(), String.join(", ", opened.volumes())));
            }
            result = FileSearch.of(opened, in, path, CatCommand::copy);
        } catch (IOException e) {
            result = new FileSearch.Result(false, true, List.of(Scratch.reason(e)));
        }
        result.problems().forEach(problem -> System.err.println("varve: " + problem));
        if (!result.found() && !result.damaged()) {
            System.err.println("varve: %s holds no file %s".formatted(evidence, path));
        }
        return result.found() ? result.damaged() ? 1 : 0 : 3;
    }

    private static void copy(Bytes content) throws IOException {
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
}
