package io.varve.evidence.gcs;

import io.varve.evidence.StoreSettings;
import io.varve.evidence.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// fake-gcs-server, started once and ended with the tests.
final class FakeGcsServer {
    private static Optional<Integer> port = Optional.empty();

    private FakeGcsServer() {}

    static synchronized StoreSettings emptyBucket() throws IOException {
        int at = port.isPresent() ? port.get() : start();
        port = Optional.of(at);
        String endpoint = "http://127.0.0.1:" + at;
        String name = "b-" + UUID.randomUUID();
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint + "/storage/v1/b?project=varve"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"" + name + "\"}"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(answer.statusCode() + " " + answer.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return new StoreSettings("gcs", Map.of("endpoint", endpoint, "bucket", name, "project", "varve"));
    }

    private static int start() throws IOException {
        Path program = TestServer.needs("fake-gcs-server", "fake-gcs-server");
        int port = TestServer.freePort();
        Path folder = Files.createTempDirectory("varve-gcs");
        TestServer.start(
                "fake-gcs-server",
                folder,
                List.of(
                        program.toString(),
                        "-scheme",
                        "http",
                        "-host",
                        "127.0.0.1",
                        "-port",
                        Integer.toString(port),
                        "-external-url",
                        "http://127.0.0.1:" + port,
                        "-filesystem-root",
                        Files.createDirectories(folder.resolve("data")).toString()),
                () -> TestServer.listens(port));
        return port;
    }
}
