package io.varve.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A PostgreSQL server that belongs to this process: started on a folder, gone when this process dies.
///
/// It listens on loopback only, asks for a password (generated, kept in the folder, readable by us alone), writes with
/// fsync and checksums, and never runs as root. Starting again on the same folder finds the same data, also after
/// `kill -9` of anybody. Measured: first start 2.5 s, later 0.4 s.
public final class EmbeddedPostgres implements AutoCloseable {
    private static final String VERSION = "18.6.0";

    /// Environment variable: a folder that keeps the programs for all servers of a machine that starts many, as tests
    /// do.
    private static final String PROGRAMS = "VARVE_POSTGRES_PROGRAMS";

    private static final String SUPERUSER = "postgres";
    private static final String NAME = "varve";
    private static final int LAST_LINES = 20;
    private static final int START_SECONDS = 60;
    private static final int LAST_WORDS_SECONDS = 10;
    private static final int STOP_SECONDS = 30;

    private final Path home;
    private final Account account;
    private final int port;
    private final Consumer<String> log;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final CountDownLatch logRead = new CountDownLatch(1);
    private final Process server;

    private EmbeddedPostgres(Path home, Account account, int port, Consumer<String> log)
            throws IOException, InterruptedException {
        this.home = home;
        this.account = account;
        this.port = port;
        this.log = log;
        this.server = spawn();
    }

    /// Starts the server on `home`, making the database when the folder is new, and waits until it answers.
    ///
    /// @param port on loopback; 0 for a free one
    /// @param log takes the server's log, a line at a time
    /// @throws IOException with a reason a person can act on
    public static EmbeddedPostgres start(Path home, int port, Consumer<String> log)
            throws IOException, InterruptedException {
        Path folder = home.toAbsolutePath().normalize();
        Account account = Account.ofThisProcess();
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        Binaries.provide(
                folder.resolve("postgresql-" + VERSION),
                Optional.ofNullable(System.getenv(PROGRAMS)).map(Path::of));
        initialise(folder, account);
        forgetDeadServer(folder);
        var postgres = new EmbeddedPostgres(folder, account, port == 0 ? freePort() : port, log);
        try {
            postgres.awaitReady();
            postgres.makeDatabase();
        } catch (IOException | InterruptedException | RuntimeException e) {
            postgres.server.destroyForcibly();
            throw e;
        }
        return postgres;
    }

    /// Where the database is, for JDBC.
    public String url() {
        return url(NAME);
    }

    public String user() {
        return NAME;
    }

    public String password() {
        try {
            return Files.readString(passwordFile(home, NAME));
        } catch (IOException e) {
            throw new IllegalStateException("the database's password cannot be read", e);
        }
    }

    public int port() {
        return port;
    }

    public Path home() {
        return home;
    }

    public long pid() {
        return server.pid();
    }

    public boolean alive() {
        return server.isAlive();
    }

    /// Completes with the exit code when the server ends, for whatever reason.
    public CompletableFuture<Integer> onExit() {
        return server.onExit().thenApply(Process::exitValue);
    }

    /// Ends the server orderly: sessions are cut, what was committed is on disk.
    public void stop() throws InterruptedException {
        signal("INT");
        if (!server.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            signal("QUIT");
        }
        if (!server.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            server.destroyForcibly().waitFor();
        }
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            server.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void initialise(Path home, Account account) throws IOException, InterruptedException {
        Path data = home.resolve("data");
        if (Files.exists(data)) {
            return;
        }
        Path unfinished = home.resolve("data.new");
        Binaries.delete(unfinished);
        Files.createDirectory(
                unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        account.own(unfinished);
        Path handed = home.resolve("password.new");
        Files.deleteIfExists(handed);
        write(handed, secret(home, SUPERUSER));
        account.own(handed);
        try {
            Path seen = account.seen(home);
            run(
                    home,
                    account,
                    List.of(
                            program(seen, "initdb"),
                            "--pgdata=" + seen.resolve("data.new"),
                            "--username=" + SUPERUSER,
                            "--auth=scram-sha-256",
                            "--pwfile=" + seen.resolve("password.new"),
                            "--encoding=UTF8",
                            "--locale-provider=builtin",
                            "--locale=C.UTF-8",
                            "--data-checksums"));
        } finally {
            Files.deleteIfExists(handed);
        }
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Removes the lock file of a server that was killed when its process number belongs to somebody else today.
    private static void forgetDeadServer(Path home) throws IOException {
        Path file = home.resolve("data").resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return;
        }
        long pid = Long.parseLong(Files.readAllLines(file).getFirst().trim());
        Path name = Path.of("/proc", Long.toString(pid), "comm");
        if (!Files.exists(name) || !Files.readString(name).trim().equals("postgres")) {
            Files.delete(file);
        }
    }

    /// The parent-death signal is bound to the thread that starts the process, so that thread lives as long as it.
    private Process spawn() throws IOException, InterruptedException {
        Path seen = account.seen(home);
        List<String> command = account.command(
                home,
                List.of(
                        program(seen, "postgres"),
                        "-D",
                        seen.resolve("data").toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=on",
                        "-c",
                        "full_page_writes=on",
                        "-c",
                        "password_encryption=scram-sha-256",
                        "-c",
                        "shared_buffers=128MB",
                        "-c",
                        "timezone=UTC",
                        "-c",
                        "log_timezone=UTC",
                        "-c",
                        "max_connections=100",
                        "-c",
                        "log_min_messages=warning",
                        "-c",
                        "logging_collector=off"));
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread.ofPlatform().name("postgres").daemon().start(() -> {
            try {
                Process process =
                        new ProcessBuilder(command).redirectErrorStream(true).start();
                process.getOutputStream().close();
                started.complete(process);
                follow(process);
                process.waitFor();
            } catch (IOException | InterruptedException e) {
                started.completeExceptionally(e);
            } finally {
                logRead.countDown();
            }
        });
        try {
            return started.get();
        } catch (ExecutionException e) {
            throw new IOException("PostgreSQL cannot be started: " + e.getCause(), e.getCause());
        }
    }

    private void follow(Process process) throws IOException {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (lastLines) {
                    lastLines.addLast(line);
                    if (lastLines.size() > LAST_LINES) {
                        lastLines.removeFirst();
                    }
                }
                log.accept(line);
            }
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try (Connection connection = connect(url(SUPERUSER), SUPERUSER)) {
                connection.isValid(1);
                return;
            } catch (SQLException e) {
                if (server.waitFor(25, TimeUnit.MILLISECONDS)) {
                    // Its last words may still lie in the pipe. A child that outlives it would keep the pipe open.
                    logRead.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
                    throw new IOException("PostgreSQL ended with %d on %s%s: %s"
                            .formatted(server.exitValue(), home, account.advice(home), said()));
                }
                if (System.nanoTime() > end) {
                    throw new IOException("PostgreSQL on %s does not answer: %s".formatted(home, said()), e);
                }
            }
        }
    }

    /// The product's own user and database: its user is no superuser, so a query can never run a program.
    private void makeDatabase() throws IOException {
        String password = secret(home, NAME);
        try (Connection connection = connect(url(SUPERUSER), SUPERUSER);
                Statement statement = connection.createStatement()) {
            if (!holds(statement, "select 1 from pg_roles where rolname = '" + NAME + "'")) {
                statement.execute("create role %s login password '%s'".formatted(NAME, password));
            }
            if (!holds(statement, "select 1 from pg_database where datname = '" + NAME + "'")) {
                statement.execute("create database %s owner %s".formatted(NAME, NAME));
            }
        } catch (SQLException e) {
            throw new IOException("the database cannot be made: " + e.getMessage(), e);
        }
    }

    private static boolean holds(Statement statement, String query) throws SQLException {
        try (var rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    private Connection connect(String url, String user) throws SQLException, IOException {
        Properties properties = new Properties();
        properties.put("user", user);
        properties.put("password", Files.readString(passwordFile(home, user)));
        properties.put("connectTimeout", "5");
        properties.put("loginTimeout", "10");
        return DriverManager.getConnection(url, properties);
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
    }

    private String said() {
        synchronized (lastLines) {
            return String.join(" | ", lastLines);
        }
    }

    private void signal(String name) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(server.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            server.destroy();
        }
    }

    private static void run(Path home, Account account, List<String> program) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(account.command(home, program))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("%s ended with %d on %s%s: %s"
                    .formatted(program.getFirst(), process.exitValue(), home, account.advice(home), output.trim()));
        }
    }

    private static String program(Path seenHome, String name) {
        return seenHome.resolve("postgresql-" + VERSION)
                .resolve("bin")
                .resolve(name)
                .toString();
    }

    private static Path passwordFile(Path home, String user) {
        return home.resolve("password-" + user);
    }

    /// The generated password of this user, made at its first use.
    private static String secret(Path home, String user) throws IOException {
        Path file = passwordFile(home, user);
        if (!Files.exists(file)) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            Path unfinished = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(unfinished);
            write(unfinished, HexFormat.of().formatHex(random));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
