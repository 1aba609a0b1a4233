package io.varve.provider.aws;

import io.varve.evidence.Digest;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Channel;
import io.varve.provider.collector.CollectorScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The collector's way into one container of an ECS task: exec. Everything goes through the session's terminal, so the
/// container needs no network of its own.
final class TaskChannel implements Channel {
    /// How long nothing may come from the container while an answer is waited for.
    static final Duration SILENCE = Duration.ofSeconds(90);

    private static final List<String> FOLDERS = List.of("/tmp", "/var/tmp", "/dev/shm", "/run");
    private static final int LONGEST_OUTPUT = 1 << 20;
    private static final int LARGEST_SCRIPT = 4 << 20;
    private static final int PART_SIZE = 1 << 20;
    private static final int PARTS_AT_ONCE = 8;
    private static final int MOST_BREAKS = 4;
    /// Larger than what a part can be, to see that it is.
    private static final int SLACK = 1 << 16;
    private static final Duration POLL = Duration.ofSeconds(2);
    /// Where the collector works, the same for all attempts of a capture.
    static final String FOLDER = "channel.folder";

    private final TaskShell shell;
    private final CaptureContext context;

    TaskChannel(TaskShell shell, CaptureContext context) {
        this.shell = shell;
        this.context = context;
    }

    @Override
    public String deliver(CollectorScript script) throws ProviderException, InterruptedException {
        String path = path(script);
        if (!isThere(path, script)) {
            again(() -> {
                shell.put(path, script.content());
                return path;
            });
            if (!isThere(path, script)) {
                throw new ProviderException(Kind.FAILED, "the collector arrived in the container with other bytes");
            }
        }
        return path;
    }

    private boolean isThere(String path, CollectorScript script) throws ProviderException, InterruptedException {
        TaskShell.Ran found = again(() -> shell.run("[ ! -L %1$s ] && cat %1$s".formatted(path), LARGEST_SCRIPT));
        return found.exit() == 0 && Digest.of(found.out()).equals(script.sha256());
    }

    private String path(CollectorScript script) throws ProviderException, InterruptedException {
        return folder() + "/" + script.fileName();
    }

    private String folder() throws ProviderException, InterruptedException {
        if (context.step(FOLDER).isEmpty()) {
            TaskShell.Ran found = again(() -> shell.run(
                    "for d in %s; do if [ -d \"$d\" ] && [ -w \"$d\" ]; then echo \"$d\"; exit 0; fi; done; exit 3"
                            .formatted(String.join(" ", FOLDERS)),
                    SLACK));
            String folder = found.text().strip();
            if (found.exit() != 0 || !FOLDERS.contains(folder)) {
                throw new ProviderException(
                        Kind.REFUSED, "no folder in the container can be written: its file system is read-only");
            }
            context.completed(FOLDER, folder);
        }
        return context.step(FOLDER).orElseThrow();
    }

    @Override
    public String run(CollectorScript script, List<String> arguments) throws ProviderException, InterruptedException {
        String command = "sh %s %s".formatted(path(script), String.join(" ", arguments));
        if (!command.matches("[A-Za-z0-9_./: -]{1,800}")) {
            throw new IllegalArgumentException("not an order for a collector: " + command);
        }
        // what the collector refuses is in its answer, whatever its exit code
        return again(() -> shell.run(command, LONGEST_OUTPUT).text());
    }

    @Override
    public void fetch(List<RemoteFile> files, Arrival arrival)
            throws ProviderException, InterruptedException, IOException {
        Path scratch = context.scratch();
        for (RemoteFile file : files) {
            Path local = Files.createTempFile(scratch, "part", ".gz");
            try {
                Files.write(local, again(() -> fetched(file)));
                arrival.arrived(file, local);
            } finally {
                Files.deleteIfExists(local);
            }
        }
    }

    private byte[] fetched(RemoteFile file) throws ProviderException, InterruptedException {
        if (!file.path().matches("/[A-Za-z0-9_./-]{1,400}")) {
            throw new ProviderException(Kind.REFUSED, "a part with a name that is not one");
        }
        TaskShell.Ran ran = shell.run("cat " + file.path(), (int) Math.min(2L * PART_SIZE, file.size()) + SLACK);
        if (ran.exit() != 0) {
            throw new ProviderException(Kind.REFUSED, "%s cannot be read in the container".formatted(file.path()));
        }
        return ran.out();
    }

    private interface Call<T> {
        T run() throws ProviderException, InterruptedException;
    }

    /// Sessions break; what is asked here can be asked again, in a new one.
    private <T> T again(Call<T> call) throws ProviderException, InterruptedException {
        for (int broken = 1; ; broken++) {
            try {
                return call.run();
            } catch (ProviderException e) {
                if (e.kind() != Kind.FAILED || broken == MOST_BREAKS || context.cancelled()) {
                    throw e;
                }
            }
        }
    }

    @Override
    public List<String> remove(CollectorScript script) throws ProviderException, InterruptedException {
        String path = path(script);
        TaskShell.Ran ran = again(() -> shell.run("rm -f %1$s %1$s.new; [ ! -e %1$s ]".formatted(path), SLACK));
        return List.of(
                ran.exit() == 0
                        ? path + " is removed from the container"
                        : path + " is still in the container: it cannot be removed");
    }

    @Override
    public Terms terms() throws ProviderException {
        return new Terms(
                context.step(FOLDER)
                        .orElseThrow(() -> new ProviderException(Kind.FAILED, "the container has not been looked at")),
                PART_SIZE,
                PARTS_AT_ONCE,
                POLL);
    }

    @Override
    public void close() {
        shell.close();
    }
}
