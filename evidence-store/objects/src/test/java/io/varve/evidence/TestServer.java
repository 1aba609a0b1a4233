package io.varve.evidence;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A server for tests in a process of its own, which ends with the tests.
///
/// `./varve test` installs what it can below the folder that `VARVE_SERVERS` names, `~/.cache/varve/servers` by
/// default.
/// What is not there is not tested, and the tests say so.
public final class TestServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(240);
    private static final Path INSTALLED = Path.of(Optional.ofNullable(System.getenv("VARVE_SERVERS"))
            .orElse(System.getProperty("user.home") + "/.cache/varve/servers"));
    private static final Set<Integer> GIVEN = new HashSet<>();

    private final Process process;
    private final Path folder;

    private TestServer(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
    }

    /// @param folder the server's own; the log goes there
    /// @param ready asked until it is
    public static TestServer start(String name, Path folder, List<String> command, BooleanSupplier ready)
            throws IOException {
        Files.createDirectories(folder);
        var words = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
        words.addAll(command);
        File log = folder.resolve(name + ".log").toFile();
        Process process = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        var server = new TestServer(process, folder);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!ready.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                server.close();
                throw new IOException(name + " does not start, see " + log);
            }
            server.awaitEnd(Duration.ofMillis(100));
        }
        return server;
    }

    private void awaitEnd(Duration most) {
        try {
            process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public long pid() {
        return process.pid();
    }

    public Path folder() {
        return folder;
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        awaitEnd(Duration.ofSeconds(5));
    }

    /// Skips the test when what it needs is not installed.
    public static Path needs(String server, String path) {
        Path installed = INSTALLED.resolve(path);
        Assumptions.assumeTrue(Files.exists(installed), server + " is not installed (" + installed + ")");
        return installed;
    }

    /// The same for a program on the path.
    public static Path needsProgram(String server, String program) {
        Optional<Path> found = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(found.isPresent(), server + " is not installed (" + program + ")");
        return found.orElseThrow();
    }

    /// On the path, or installed for the tests.
    public static Path needsOneOf(String server, String program) {
        Path installed = INSTALLED.resolve(program);
        return Files.exists(installed) ? installed : needsProgram(server, program);
    }

    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// A port nobody listens on; never the same twice in one process.
    public static synchronized int freePort() throws IOException {
        while (true) {
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (GIVEN.add(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            }
        }
    }

    public static boolean listens(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
