package io.varve.supervisor;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A child process that ends when we do, even by `kill -9`: the kernel is asked to send it SIGTERM.
///
/// That request is bound to the thread that starts the process, so the thread lives as long as the process. The child
/// has
/// a session of its own: Ctrl-C in the terminal reaches the supervisor, which ends its children in order.
final class Child implements Part {
    private static final int STOP_SECONDS = 20;

    private final Process process;

    private Child(Process process) {
        this.process = process;
    }

    static Child start(String name, List<String> command, Map<String, String> environment, Consumer<String> lines)
            throws IOException, InterruptedException {
        List<String> guarded = new ArrayList<>(List.of("setsid", "setpriv", "--pdeathsig=TERM", "--"));
        guarded.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(guarded).redirectErrorStream(true);
        builder.environment().putAll(environment);
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread.ofPlatform().name(name).daemon().start(() -> {
            try {
                Process process = builder.start();
                process.getOutputStream().close();
                started.complete(process);
                follow(process, lines);
                process.waitFor();
            } catch (IOException | InterruptedException e) {
                started.completeExceptionally(e);
            }
        });
        try {
            return new Child(started.get());
        } catch (ExecutionException e) {
            throw new IOException("%s cannot be started: %s".formatted(name, e.getCause()), e.getCause());
        }
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public CompletableFuture<Integer> onExit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    @Override
    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    private static void follow(Process process, Consumer<String> lines) throws IOException {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.accept(line);
            }
        }
    }
}
