package io.varve.engine;

import io.varve.binary.Bytes;
import io.varve.disk.Evidence;
import io.varve.disk.Scratch;
import io.varve.disk.volume.Keys;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `cat`: the bytes of one file, named as `files` and events name it.
final class CatCommand implements Command {
    private static final String VOLUME = "--volume";
    private static final int CHUNK = 256 << 10;

    @Override
    public Syntax syntax() {
        var options =
                new ArrayList<>(List.of(Syntax.Option.one(VOLUME, "V", "volume the path is in"), KeyOption.OPTION));
        options.addAll(ScratchOptions.OPTIONS);
        return new Syntax("cat", "Writes the bytes of one file to standard output.", "EVIDENCE PATH", 2, 2, options);
    }

    @Override
    public int run(Arguments arguments) {
        String evidence = arguments.operands().get(0);
        String path = arguments.operands().get(1);
        Optional<String> volume = arguments.one(VOLUME);
        NamedEvidence named = NamedEvidence.of(evidence);
        Keys keys = KeyOption.keys(arguments);
        FileSearch.Result result;
        try (Evidence opened = Evidence.open(named.path(), ScratchOptions.scratch(arguments), keys)) {
            if (volume.isPresent() && !opened.volumes().contains(volume.get())) {
                throw new UsageException(
                        opened.volumes().isEmpty()
                                ? "%s has no volumes".formatted(evidence)
                                : "%s has no volume %s that can be read; there are: %s"
                                        .formatted(evidence, volume.get(), String.join(", ", opened.volumes())));
            }
            result = FileSearch.of(opened, volume, path, CatCommand::copy);
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
