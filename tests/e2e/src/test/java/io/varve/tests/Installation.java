package io.varve.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// A Varve that really runs: supervisor, PostgreSQL, web, worker, started by the launcher on free ports.
final class Installation implements AutoCloseable {
    static final String PASSWORD = "correct horse battery staple";
    private static final Duration START = Duration.ofMinutes(3);
    /// Processes that live for a minute: Java's second compiler would cost them more than it brings, but for what is
    /// called all the time, as digests are.
    private static final Map<String, String> SHORT_LIVED = Map.of(
            "JDK_JAVA_OPTIONS",
            "-XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=20000"
                    + " -XX:Tier4CompileThreshold=100000 -XX:Tier4BackEdgeThreshold=1000000"
                    // what was called all the time in the rehearsal is not meant
                    + " -XX:+UnlockDiagnosticVMOptions -XX:-AOTReplayTraining");
    private static final JsonMapper JSON = new JsonMapper();

    final Path data;
    private final Map<String, String> environment;
    final int port = freePort();
    final int endpointPort = freePort();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final List<Process> agents = new ArrayList<>();
    private Process supervisor;
    private String cookie = "";

    private Installation(Path data, Map<String, String> environment) throws IOException {
        this.data = data;
        this.environment = environment;
        this.supervisor = launch();
    }

    /// Starts one and waits until it answers.
    static Installation start(Path data) throws IOException {
        return start(data, Map.of());
    }

    /// @param environment what its processes find in their environment besides ours
    static Installation start(Path data, Map<String, String> environment) throws IOException {
        var installation = new Installation(data, environment);
        installation.awaitReady();
        installation.signIn();
        return installation;
    }

    static Path root() {
        return Path.of(System.getProperty("varve.root", "../.."));
    }

    private Process launch() throws IOException {
        Files.createDirectories(data);
        ProcessBuilder builder = varve(
                "up",
                "--data",
                data.toString(),
                "--port",
                Integer.toString(port),
                "--endpoint-port",
                Integer.toString(endpointPort));
        builder.environment().putAll(SHORT_LIVED);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        data.resolve("supervisor.out").toFile()));
        return builder.start();
    }

    private static ProcessBuilder varve(String... arguments) {
        var command = new ArrayList<String>();
        command.add(root().resolve("varve").toAbsolutePath().normalize().toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().put("VARVE_NO_BUILD", "1");
        builder.environment().put("VARVE_ADMIN_PASSWORD", PASSWORD);
        return builder;
    }

    void awaitReady() {
        Awaitility.await("ready on " + port)
                .atMost(START)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> {
                    if (!supervisor.isAlive()) {
                        throw new IllegalStateException(
                                "up ended: " + Files.readString(data.resolve("supervisor.out")));
                    }
                    return status("/q/health/ready") == 200;
                });
    }

    void signIn() throws IOException {
        HttpResponse<String> answer = send(request("/api/v1/session")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"user\":\"admin\",\"password\":\"" + PASSWORD + "\"}")));
        if (answer.statusCode() != 200) {
            throw new IOException("sign-in: " + answer.statusCode() + " " + answer.body());
        }
        cookie = answer.headers()
                .firstValue("Set-Cookie")
                .map(value -> value.substring(0, value.indexOf(';')))
                .orElse("");
    }

    /// A key for posting alerts.
    String alertKey() throws IOException {
        return post("/api/v1/keys", "{\"name\":\"test\",\"scopes\":[\"alerts\"]}")
                .path("key")
                .asText();
    }

    HttpResponse<String> postAlert(String source, String key, byte[] body) throws IOException {
        return send(request("/api/v1/alerts/" + source)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    JsonNode get(String path) throws IOException {
        HttpResponse<String> answer = fetch(path);
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    /// The answer whatever its status.
    HttpResponse<String> fetch(String path) throws IOException {
        return send(request(path).header("Cookie", cookie).GET());
    }

    byte[] download(String path) throws IOException {
        try {
            return client.send(
                            request(path).header("Cookie", cookie).GET().build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    JsonNode post(String path, String body) throws IOException {
        HttpResponse<String> answer = send(request(path)
                .header("Cookie", cookie)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        if (answer.statusCode() >= 300) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    JsonNode put(String path, String body) throws IOException {
        HttpResponse<String> answer = send(request(path)
                .header("Cookie", cookie)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
        if (answer.statusCode() >= 300) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    void delete(String path) throws IOException {
        HttpResponse<String> answer = send(request(path)
                .header("Cookie", cookie)
                .header("Content-Type", "application/json")
                .DELETE());
        if (answer.statusCode() >= 300) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url(path))).timeout(Duration.ofSeconds(60));
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    private int status(String path) throws IOException {
        return send(request(path).GET()).statusCode();
    }

    /// Enrols an agent that reads the tree below `root`, and starts it.
    Process agent(Path state, Path root) throws IOException {
        JsonNode enrolment = post("/api/v1/enrolments", "{}");
        return agent(state, root, enrolment.path("token").asText());
    }

    /// Starts an agent, or starts one again that has enrolled before.
    Process agent(Path state, Path root, String token) throws IOException {
        Files.createDirectories(state);
        ProcessBuilder builder = varve(
                "agent",
                "run",
                "--server",
                "https://127.0.0.1:" + endpointPort,
                "--token",
                token,
                "--state",
                state.toString(),
                "--root",
                root.toString());
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        state.resolve("agent.out").toFile()));
        Process agent = builder.start();
        agents.add(agent);
        return agent;
    }

    /// Kills a child of the supervisor the way a power cut would: `web`, `worker` or `postgres`.
    long kill(String child) throws IOException {
        long pid = pid(child);
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        Awaitility.await(child + " " + pid + " is gone")
                .atMost(Duration.ofSeconds(20))
                .until(() -> ProcessHandle.of(pid).map(p -> !p.isAlive()).orElse(true));
        return pid;
    }

    /// Stops (`STOP`) the supervisor in its tracks, so that what dies stays dead, or lets it go on (`CONT`).
    void signalSupervisor(String signal) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(supervisor.pid())).start();
        if (kill.onExit().join().exitValue() != 0) {
            throw new IOException("kill -" + signal + " " + supervisor.pid());
        }
    }

    long pid(String child) throws IOException {
        return Long.parseLong(
                Files.readString(data.resolve("run").resolve(child + ".pid")).strip());
    }

    /// Stops everything in order and starts it again on the same data.
    void restart() throws IOException {
        stop();
        supervisor = launch();
        awaitReady();
        signIn();
    }

    private void stop() {
        supervisor.destroy();
        try {
            if (!supervisor.waitFor(60, TimeUnit.SECONDS)) {
                supervisor.descendants().forEach(ProcessHandle::destroyForcibly);
                supervisor.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        agents.forEach(agent -> {
            agent.descendants().forEach(ProcessHandle::destroyForcibly);
            agent.destroyForcibly();
        });
        stop();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
