package io.varve.supervisor;

import io.varve.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// PostgreSQL, web server and worker of one data folder, running.
///
/// They are started in this order, each when the one before answers, and ended in the opposite one. One that dies is
/// started again; the others wait for it. Their process numbers are in `run/*.pid`, their logs in `logs/`.
final class Installation implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofMinutes(3);
    private static final int DEATHS_BEFORE_GIVING_UP = 3;
    private static final int POLL_MILLIS = 100;

    private final Settings settings;
    private final Consumer<String> say;
    private final DataFolder folder;
    private final Deque<Watched> running = new ArrayDeque<>();
    private final CompletableFuture<FirstAdmin> firstAdmin = new CompletableFuture<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final HttpClient http = HttpClient.newHttpClient();
    private boolean closed;

    private Installation(Settings settings, Consumer<String> say, DataFolder folder) {
        this.settings = settings;
        this.say = say;
        this.folder = folder;
    }

    /// @param say takes a line for the person who started it
    static Installation start(Settings settings, Consumer<String> say) throws StartException, InterruptedException {
        requireBuilt(settings.home());
        Installation installation = new Installation(settings, say, DataFolder.take(settings));
        Runtime.getRuntime().addShutdownHook(new Thread(installation::close, "stop"));
        try {
            Ports.requireFree(settings.port(), "--port");
            Ports.requireFree(settings.endpointPort(), "--endpoint-port");
            installation.startParts();
            return installation;
        } catch (IOException e) {
            installation.close();
            throw new StartException(String.valueOf(e.getMessage()), e);
        } catch (StartException | InterruptedException | RuntimeException e) {
            installation.close();
            throw e;
        }
    }

    Settings settings() {
        return settings;
    }

    /// The first administrator, when this start made them.
    Optional<FirstAdmin> firstAdmin() {
        return Optional.ofNullable(firstAdmin.getNow(null));
    }

    /// Starts one more child, for the demonstration.
    void startChild(String name, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        LogFile log = new LogFile(settings.log(name));
        watch(name, () -> Child.start(name, command, environment, log::line), log);
    }

    /// Waits until somebody stops it.
    void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /// Ends everything in order. Also called when this process is asked to end.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        while (!running.isEmpty()) {
            try {
                running.removeLast().stop();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        folder.close();
        stopped.countDown();
    }

    private void startParts() throws IOException, StartException, InterruptedException {
        int databasePort = Ports.free();
        LogFile databaseLog = new LogFile(settings.log("postgres"));
        Path home = settings.data().resolve("postgres");
        CompletableFuture<EmbeddedPostgres> database = new CompletableFuture<>();
        watch(
                "postgres",
                () -> {
                    EmbeddedPostgres started = EmbeddedPostgres.start(home, databasePort, databaseLog::line);
                    database.complete(started);
                    return new Database(started);
                },
                databaseLog);
        Map<String, String> environment = environment(database.join());

        LogFile webLog = new LogFile(settings.log("web"));
        Consumer<String> webLines =
                line -> FirstAdmin.in(line).ifPresentOrElse(this::announce, () -> webLog.line(line));
        List<String> web = application("web/target/quarkus-app", "768m");
        Watched webPart = watch("web", () -> Child.start("web", web, environment, webLines), webLog);
        awaitReady(webPart, settings.port());

        int workerPort = Ports.free();
        environment.put("VARVE_WORKER_PORT", Integer.toString(workerPort));
        LogFile workerLog = new LogFile(settings.log("worker"));
        List<String> worker = application("processing/worker/target/quarkus-app", "1g");
        Watched workerPart =
                watch("worker", () -> Child.start("worker", worker, environment, workerLog::line), workerLog);
        awaitReady(workerPart, workerPort);
    }

    private Watched watch(String name, Watched.Starter starter, LogFile log) throws IOException, InterruptedException {
        Watched watched = new Watched(name, starter, settings.run().resolve(name + ".pid"), log);
        synchronized (this) {
            if (closed) {
                throw new IOException("stopped while starting");
            }
            running.addLast(watched);
        }
        watched.start();
        return watched;
    }

    private Map<String, String> environment(EmbeddedPostgres database) {
        Map<String, String> environment = new HashMap<>();
        environment.put("VARVE_DATABASE_URL", database.url());
        environment.put("VARVE_DATABASE_USER", database.user());
        environment.put("VARVE_DATABASE_PASSWORD", database.password());
        environment.put("VARVE_DATA", settings.data().toString());
        environment.put("VARVE_HOME", settings.home().toString());
        environment.put("VARVE_HTTP_PORT", Integer.toString(settings.port()));
        environment.put("VARVE_ENDPOINT_PORT", Integer.toString(settings.endpointPort()));
        return environment;
    }

    private List<String> application(String folder, String heap) {
        Path jar = settings.home().resolve(folder).resolve("quarkus-run.jar");
        List<String> command = new ArrayList<>(
                List.of(java(), "-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(rehearsed(jar.resolveSibling("rehearsed.aot")));
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    /// Java's options to begin with the classes that a rehearsal kept loaded, linked and profiled; or, in a rehearsal,
    /// to
    /// record them. Java itself leaves what is of other jars.
    private static List<String> rehearsed(Path kept) {
        if (System.getenv("VARVE_REHEARSAL") != null) {
            return List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + kept + ".recorded");
        }
        return Files.exists(kept) ? List.of("-XX:AOTCache=" + kept, "-Xlog:aot*=off") : List.of();
    }

    /// The JDK that runs us runs our children.
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private void announce(FirstAdmin admin) {
        if (firstAdmin.complete(admin)) {
            say.accept("");
            say.accept("  Sign in as %s with the password %s".formatted(admin.user(), admin.password()));
            say.accept("  It is shown this once and kept nowhere.");
            say.accept("");
        }
    }

    private void awaitReady(Watched part, int port) throws StartException, InterruptedException {
        URI ready = URI.create("http://127.0.0.1:%d/q/health/ready".formatted(port));
        long end = System.nanoTime() + LONGEST_START.toNanos();
        while (!answers(ready)) {
            if (part.deaths() >= DEATHS_BEFORE_GIVING_UP || System.nanoTime() > end) {
                throw new StartException("%s does not start. Its log %s ends with:%n%s"
                        .formatted(part.name(), settings.log(part.name()), part.lastLines()));
            }
            if (stopped.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new StartException("stopped while starting");
            }
        }
    }

    private boolean answers(URI ready) throws InterruptedException {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(5)).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static void requireBuilt(Path home) throws StartException {
        Path web = home.resolve("web/target/quarkus-app");
        Path worker = home.resolve("processing/worker/target/quarkus-app");
        if (!Files.exists(web) || !Files.exists(worker)) {
            throw new StartException(home + " is not built: run ./varve up from the repository");
        }
    }

    private record Database(EmbeddedPostgres postgres) implements Part {
        @Override
        public long pid() {
            return postgres.pid();
        }

        @Override
        public CompletableFuture<Integer> onExit() {
            return postgres.onExit();
        }

        @Override
        public void stop() throws InterruptedException {
            postgres.stop();
        }
    }
}
