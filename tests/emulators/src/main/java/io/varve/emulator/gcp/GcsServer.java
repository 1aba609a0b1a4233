package io.varve.emulator.gcp;

import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Cloud Storage: `fake-gcs-server`, a process of its own that ends with us. It looks at no credentials: we do.
final class GcsServer implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Set<String> OURS = Set.of(
            "host",
            "content-length",
            "connection",
            "expect",
            "upgrade",
            "http2-settings",
            "transfer-encoding",
            "authorization",
            "accept-encoding");

    private final Process process;
    private final URI url;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Thread hook;

    private GcsServer(Process process, URI url) {
        this.process = process;
        this.url = url;
        this.hook = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Where `./varve test` puts it.
    private static Path program() {
        String folder = Optional.ofNullable(System.getenv("VARVE_SERVERS"))
                .orElse(System.getProperty("user.home") + "/.cache/varve/servers");
        return Path.of(folder, "fake-gcs-server");
    }

    static boolean isInstalled() {
        return Files.isExecutable(program());
    }

    /// @param folder its objects lie there
    static GcsServer start(Path folder) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        URI url = URI.create("http://127.0.0.1:" + port);
        Process process = new ProcessBuilder(
                        program().toString(),
                        "-scheme",
                        "http",
                        "-host",
                        "127.0.0.1",
                        "-port",
                        Integer.toString(port),
                        "-external-url",
                        url.toString(),
                        "-filesystem-root",
                        Files.createDirectories(folder).toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        var server = new GcsServer(process, url);
        long end = System.nanoTime() + START.toNanos();
        while (!server.answers(port)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                server.close();
                throw new IOException("fake-gcs-server does not start");
            }
        }
        return server;
    }

    private boolean answers(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            try {
                process.waitFor(50, TimeUnit.MILLISECONDS);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IOException(stop);
            }
            return false;
        }
    }

    void bucket(String name) throws IOException {
        send(HttpRequest.newBuilder(url.resolve("/storage/v1/b?project=forensic-project"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"" + name + "\"}"))
                .build());
    }

    void put(String bucket, String object, Path content) throws IOException {
        HttpResponse<byte[]> answer =
                send(HttpRequest.newBuilder(url.resolve("/upload/storage/v1/b/%s/o?uploadType=media&name=%s"
                                .formatted(bucket, URLEncoder.encode(object, StandardCharsets.UTF_8))))
                        .header("Content-Type", "application/octet-stream")
                        .POST(HttpRequest.BodyPublishers.ofFile(content))
                        .build());
        if (answer.statusCode() != 200) {
            throw new IOException("fake-gcs-server: %d for %s".formatted(answer.statusCode(), object));
        }
    }

    /// The objects of a bucket, as the server lists them.
    String list(String bucket) throws IOException {
        HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(url.resolve("/storage/v1/b/%s/o".formatted(bucket)))
                .build());
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    Response forward(Call call) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(url + call.request().target()))
                .timeout(Duration.ofSeconds(60))
                .method(
                        call.method(),
                        HttpRequest.BodyPublishers.ofByteArray(call.request().body()));
        call.request().headers().forEach((name, values) -> {
            if (!OURS.contains(name)) {
                values.forEach(value -> request.header(name, value));
            }
        });
        HttpResponse<byte[]> answer = send(request.build());
        Response response = Response.bytes(
                answer.statusCode(),
                answer.headers().firstValue("content-type").orElse("application/octet-stream"),
                answer.body());
        for (String header : List.of("content-range", "x-goog-generation", "x-goog-hash", "etag", "accept-ranges")) {
            Optional<String> value = answer.headers().firstValue(header);
            if (value.isPresent()) {
                response = response.with(header, value.get());
            }
        }
        return response;
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        Runtime.getRuntime().removeShutdownHook(hook);
        client.close();
    }
}
