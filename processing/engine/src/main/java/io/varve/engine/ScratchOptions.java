package io.varve.engine;

import io.varve.disk.Scratch;
import java.nio.file.Path;
import java.util.List;

/// Where compressed content is expanded to, and how much of it at a time.
final class ScratchOptions {
    private static final String FOLDER = "--scratch";
    private static final String LIMIT = "--scratch-limit";

    static final List<Syntax.Option> OPTIONS = List.of(
            Syntax.Option.one(FOLDER, "DIR", "folder for expanded content (default: " + temporary() + ")"),
            Syntax.Option.one(LIMIT, "BYTES", "most expanded content on disk at one time (default: 64 GiB)"));

    private ScratchOptions() {}

    static Scratch scratch(Arguments arguments) {
        return new Scratch(
                arguments.path(FOLDER).orElse(Path.of(temporary())),
                arguments.number(LIMIT).orElse(Scratch.MOST));
    }

    private static String temporary() {
        return System.getProperty("java.io.tmpdir", "/tmp");
    }
}
