package io.varve.provider.kubernetes;

import io.varve.evidence.Digest;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Channel;
import io.varve.provider.collector.CollectorScript;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The collector's way into one container: exec. The script goes in by standard input, parts come back by standard
/// output.
final class ExecChannel implements Channel {
    private static final int LONGEST_OUTPUT = 1 << 20;
    private static final int LARGEST_SCRIPT = 4 << 20;
    private static final int PARTS_AT_ONCE = 8;
    private static final int MOST_BREAKS = 4;
    /// Larger than any name in the answers, far smaller than a part.
    private static final int SLACK = 1 << 16;

    private final Exec exec;
    private final CaptureContext context;
    private final Settings settings;
    private final String folder;

    /// @param folder where the collector may write in the container
    ExecChannel(Exec exec, CaptureContext context, Settings settings, String folder) {
        this.exec = exec;
        this.context = context;
        this.settings = settings;
        this.folder = folder;
    }

    @Override
    public String deliver(CollectorScript script) throws ProviderException, InterruptedException {
        String path = path(script);
        if (!isThere(path, script)) {
            exec.text(
                    script.content(),
                    LONGEST_OUTPUT,
                    "sh",
                    "-c",
                    "umask 077; head -c \"$1\" >\"$0.new\" && mv \"$0.new\" \"$0\"",
                    path,
                    Integer.toString(script.content().length));
            if (!isThere(path, script)) {
                throw new ProviderException(Kind.FAILED, "the collector arrived in the container with other bytes");
            }
        }
        return path;
    }

    private boolean isThere(String path, CollectorScript script) throws ProviderException, InterruptedException {
        var found = new ByteArrayOutputStream();
        Exec.Ended ended = exec.run(new byte[0], found, LARGEST_SCRIPT, settings.silence(), "cat", path);
        return ended.exit() == 0 && Digest.of(found.toByteArray()).equals(script.sha256());
    }

    private String path(CollectorScript script) {
        return folder + "/" + script.fileName();
    }

    @Override
    public String run(CollectorScript script, List<String> arguments) throws ProviderException, InterruptedException {
        var command = new ArrayList<>(List.of("sh", path(script)));
        command.addAll(arguments);
        return again(() -> {
            var out = new ByteArrayOutputStream();
            // what the collector refuses is in its answer, whatever its exit code
            Exec.Ended ended = exec.run(new byte[0], out, LONGEST_OUTPUT, Exec.VERB, command.toArray(String[]::new));
            if (!ended.isStarted()) {
                throw new ProviderException(Kind.REFUSED, ended.err());
            }
            return out.toString(java.nio.charset.StandardCharsets.UTF_8);
        });
    }

    @Override
    public void fetch(List<RemoteFile> files, Arrival arrival)
            throws ProviderException, InterruptedException, IOException {
        Path scratch = context.scratch();
        for (RemoteFile file : files) {
            Path local = Files.createTempFile(scratch, "part", ".gz");
            try {
                again(() -> fetched(file, local));
                arrival.arrived(file, local);
            } finally {
                Files.deleteIfExists(local);
            }
        }
    }

    private Path fetched(RemoteFile file, Path local) throws ProviderException, InterruptedException {
        try (OutputStream out = Files.newOutputStream(local)) {
            Exec.Ended ended = exec.run(new byte[0], out, file.size() + SLACK, settings.silence(), "cat", file.path());
            if (ended.exit() != 0) {
                throw new ProviderException(
                        Kind.REFUSED,
                        "%s cannot be read in the container: %s".formatted(file.path(), Errors.plain(ended.err())));
            }
            return local;
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, "a part cannot be kept: " + e.getMessage());
        }
    }

    private interface Call<T> {
        T run() throws ProviderException, InterruptedException;
    }

    /// Connections through an API server break; what is asked here can be asked again.
    private static <T> T again(Call<T> call) throws ProviderException, InterruptedException {
        for (int broken = 1; ; broken++) {
            try {
                return call.run();
            } catch (ProviderException e) {
                if (e.kind() != Kind.FAILED
                        || broken == MOST_BREAKS
                        || e.reason().contains("HTTP 401")) {
                    throw e;
                }
            }
        }
    }

    @Override
    public List<String> remove(CollectorScript script) throws ProviderException, InterruptedException {
        exec.text(LONGEST_OUTPUT, "rm", "-f", path(script));
        return List.of(path(script) + " is removed from the container");
    }

    @Override
    public Terms terms() {
        return new Terms(folder, settings.partSize(), PARTS_AT_ONCE, settings.poll());
    }

    /// Each command has a connection of its own.
    @Override
    public void close() {}
}
