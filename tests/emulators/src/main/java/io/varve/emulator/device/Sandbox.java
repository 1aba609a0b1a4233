package io.varve.emulator.device;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// A long-lived bubblewrap sandbox with own user, process, mount, host-name and, unless it is connected, network
/// namespaces.
///
/// Inside runs a small shell script, the sensor. It reads one command a line from standard input and runs each in a
/// session of its own, so what a command leaves in the background goes on. Standard input ends when this process
/// dies; then the sandbox ends with all that is in it.
final class Sandbox implements AutoCloseable {
    private static final long LARGEST_OUTPUT = 16L << 20;
    private static final long CHECK_MILLIS = 200;
    private static final long STREAM_MILLIS = 10;
    private static final long KILL_SECONDS = 10;
    private static final String CONTROL = "/dev/sensor";
    private static final String SENSOR = """
            # reads "run N" and "kill N"; answers "started N PID" and "done N CODE"
            c=/dev/sensor
            while read -r verb n; do
              case $verb in
                run)
                  (
                    setsid -w /bin/sh "$c/$n/command" <"$c/$n/in" >"$c/$n/out" 2>"$c/$n/err" 3>&-
                    echo "done $n $?"
                  ) &
                  ;;
                kill)
                  i=0 # it may not have begun yet
                  while [ -d "$c/$n" ] && [ ! -s "$c/$n/pid" ] && [ $i -lt 100 ]; do
                    sleep 0.05
                    i=$((i + 1))
                  done
                  read -r pid <"$c/$n/pid" && kill -9 -"$pid"
                  ;;
              esac
            done
            # the namespace lives as long as anything in it
            kill -9 -1
            """;

    private final Path control;
    private final Process process;
    private final OutputStream orders;
    private final AtomicLong last = new AtomicLong();
    private final Map<Long, CompletableFuture<Integer>> running = new ConcurrentHashMap<>();

    /// @param control a folder for the sensor's own files, outside the tree
    /// @param network whether it has this machine's network; otherwise its own, which leads nowhere
    Sandbox(String hostname, Path tree, Path control, boolean network) throws IOException {
        this.control = Files.createDirectories(control);
        Files.writeString(control.resolve("sensord"), SENSOR);
        Path arguments = control.resolveSibling(control.getFileName() + ".args");
        Files.writeString(arguments, String.join("\0", arguments(hostname, tree, control, network)) + "\0");
        process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "exec -a /sbin/init bwrap --args 3 -- /bin/sh " + CONTROL + "/sensord 3<\"$0\"",
                        arguments.toString())
                .redirectError(
                        control.resolveSibling(control.getFileName() + ".log").toFile())
                .start();
        orders = process.getOutputStream();
        // reading a pipe holds a carrier: forty sandboxes on virtual threads would leave none for the emulator
        Thread.ofPlatform().daemon().name("sandbox-" + hostname).start(this::listen);
    }

    private static List<String> arguments(String hostname, Path tree, Path control, boolean network) {
        var arguments = new ArrayList<>(List.of("--unshare-user", "--uid", "0", "--gid", "0"));
        // a signal to this process's group must not reach the sensor: it sees the end of its input, and cleans up
        arguments.add("--new-session");
        arguments.addAll(List.of("--unshare-pid", "--unshare-ipc", "--unshare-uts"));
        if (!network) {
            arguments.add("--unshare-net");
        }
        arguments.addAll(List.of("--cap-drop", "ALL", "--hostname", hostname, "--clearenv"));
        arguments.addAll(List.of("--setenv", "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
        arguments.addAll(List.of("--setenv", "HOME", "/root", "--bind", tree.toString(), "/"));
        for (String system : LinuxTree.SYSTEM) {
            if (Files.exists(Path.of(system)) && !Files.isSymbolicLink(Path.of(system))) {
                arguments.addAll(List.of("--ro-bind", system, system));
            }
        }
        arguments.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
        arguments.addAll(List.of("--bind", control.toString(), CONTROL, "--chdir", "/"));
        return arguments;
    }

    private void listen() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] words = line.split(" ");
                if (words.length == 3 && words[0].equals("done")) {
                    CompletableFuture<Integer> future = running.remove(Long.valueOf(words[1]));
                    if (future != null) {
                        future.complete(Integer.valueOf(words[2]));
                    }
                }
            }
        } catch (IOException e) {
            // the sandbox is gone, which the next lines say
        }
        running.values().forEach(future -> future.completeExceptionally(new IOException("the device is off")));
    }

    Output run(Command command) throws IOException {
        long number = last.incrementAndGet();
        Path folder = Files.createDirectories(control.resolve(Long.toString(number)));
        try {
            Files.write(folder.resolve("in"), command.stdin());
            Files.writeString(folder.resolve("command"), """
                    echo $$ >%s/%d/pid
                    cd %s || exit 126
                    %s
                    """.formatted(
                            CONTROL, number, Command.quoted(command.folder()), command.line()));
            var done = new CompletableFuture<Integer>();
            running.put(number, done);
            order("run " + number);
            int exit = await(number, done, folder, command.timeout());
            return new Output(exit, bounded(folder.resolve("out")), bounded(folder.resolve("err")));
        } finally {
            running.remove(number);
            Trees.delete(folder);
        }
    }

    /// Runs a command whose input arrives and whose output leaves while it runs. It is killed when its output can no
    /// longer be handed on.
    ///
    /// @return its exit code
    int stream(Command command, InputStream stdin, OutputStream stdout, OutputStream stderr) throws IOException {
        long number = last.incrementAndGet();
        Path folder = Files.createDirectories(control.resolve(Long.toString(number)));
        Thread pump = Thread.ofPlatform().daemon().name("stdin-" + number).unstarted(() -> pump(stdin, folder));
        try {
            makePipe(folder.resolve("in"));
            Files.writeString(folder.resolve("command"), """
                    echo $$ >%s/%d/pid
                    cd %s || exit 126
                    %s
                    """.formatted(
                            CONTROL, number, Command.quoted(command.folder()), command.line()));
            var done = new CompletableFuture<Integer>();
            running.put(number, done);
            order("run " + number);
            pump.start();
            return follow(number, done, folder, command.timeout(), stdout, stderr);
        } finally {
            running.remove(number);
            stdin.close();
            pump.interrupt();
            Trees.delete(folder);
        }
    }

    private static void makePipe(Path pipe) throws IOException {
        try {
            if (new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() != 0) {
                throw new IOException("mkfifo failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Opening waits for the command to open its side.
    private static void pump(InputStream stdin, Path folder) {
        try (OutputStream in = Files.newOutputStream(folder.resolve("in"))) {
            byte[] buffer = new byte[1 << 14];
            for (int read = stdin.read(buffer); read >= 0; read = stdin.read(buffer)) {
                in.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // the command reads no more, or nobody writes any more
        }
    }

    private int follow(
            long number,
            CompletableFuture<Integer> done,
            Path folder,
            Duration timeout,
            OutputStream stdout,
            OutputStream stderr)
            throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        long out = 0;
        long err = 0;
        while (true) {
            boolean ended = ended(done);
            try {
                out += handOn(folder.resolve("out"), out, stdout);
                err += handOn(folder.resolve("err"), err, stderr);
            } catch (IOException e) {
                if (!ended) {
                    kill(number, done);
                }
                throw e;
            }
            if (ended) {
                return done.join();
            }
            if (System.nanoTime() > deadline) {
                kill(number, done);
                return Output.TIMED_OUT;
            }
        }
    }

    private static boolean ended(CompletableFuture<Integer> done) throws IOException {
        try {
            done.get(STREAM_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException("the device went off during a command", e);
        }
    }

    /// @return how many bytes were new
    private static long handOn(Path file, long from, OutputStream to) throws IOException {
        if (size(file) <= from) {
            return 0;
        }
        try (var in = Files.newInputStream(file)) {
            in.skipNBytes(from);
            long moved = in.transferTo(to);
            to.flush();
            return moved;
        }
    }

    private int await(long number, CompletableFuture<Integer> done, Path folder, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            try {
                return done.get(Math.max(1, Math.min(left, CHECK_MILLIS)), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                boolean tooMuch = size(folder.resolve("out")) + size(folder.resolve("err")) > LARGEST_OUTPUT;
                if (left <= 0 || tooMuch) {
                    kill(number, done);
                    return tooMuch ? Output.TOO_MUCH : Output.TIMED_OUT;
                }
            } catch (InterruptedException e) {
                kill(number, done);
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            } catch (ExecutionException e) {
                throw new IOException("the device went off during a command", e);
            }
        }
    }

    /// Returns when the sensor has seen it dead, so that its files may go.
    private void kill(long number, CompletableFuture<Integer> done) throws IOException {
        order("kill " + number);
        try {
            done.get(KILL_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the command could not be killed", e);
        }
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private static byte[] bounded(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new byte[0];
        }
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes((int) LARGEST_OUTPUT);
        }
    }

    private void order(String line) throws IOException {
        synchronized (orders) {
            orders.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            orders.flush();
        }
    }

    @Override
    public void close() {
        Optional<ProcessHandle> init = process.children().findFirst();
        try {
            orders.close();
        } catch (IOException e) {
            // it is gone already
        }
        try {
            process.waitFor(KILL_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            // with it dies all that is left in there
            init.ifPresent(ProcessHandle::destroyForcibly);
            Trees.delete(control);
            Files.deleteIfExists(control.resolveSibling(control.getFileName() + ".args"));
            Files.deleteIfExists(control.resolveSibling(control.getFileName() + ".log"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
