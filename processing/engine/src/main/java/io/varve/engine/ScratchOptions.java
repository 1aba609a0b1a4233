package io.varve.engine;

import io.varve.disk.Scratch;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Where compressed content is expanded to, and how much of it at a time.
final class ScratchOptions {
    @Option(
            names = "--scratch",
            paramLabel = "DIR",
            description = "folder for expanded content (default: ${DEFAULT-VALUE})",
            defaultValue = "${sys:java.io.tmpdir}")
    private Path folder = Path.of("/tmp");

    @Option(
            names = "--scratch-limit",
            paramLabel = "BYTES",
            description = "most expanded content on disk at one time (default: 64 GiB)")
    private long limit = Scratch.MOST;

    Scratch scratch() {
        return new Scratch(folder, limit);
    }
}
