package io.varve.emulator.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import net.lingala.zip4j.ZipFile;
import net.lingala.zip4j.model.FileHeader;

/// Calls the emulator as a plain client would.
final class Client {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;
    private final String token;

    Client(URI base, String token) {
        this.base = base;
        this.token = token;
    }

    record Answer(int status, byte[] bytes, JsonNode json, HttpResponse<byte[]> response) {
        JsonNode data() {
            return json.path("data");
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    Answer get(String path) {
        return send(request(path).GET());
    }

    Answer post(String path, String json) {
        return method("POST", path, json);
    }

    Answer method(String method, String path, String json) {
        return send(
                request(path).header("Content-Type", "application/json").method(method, BodyPublishers.ofString(json)));
    }

    Answer upload(String name, String script, String type) {
        var body = new StringBuilder();
        Map<String, String> fields = new TreeMap<>(Map.of(
                "scriptName",
                name,
                "scriptType",
                type,
                "osTypes",
                "linux,macos",
                "inputRequired",
                "false",
                "scopeLevel",
                "site",
                "scopeId",
                Agent.SITE));
        fields.forEach((field, value) -> body.append(
                "--m\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(field, value)));
        body.append("--m\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n%s\r\n--m--\r\n"
                .formatted(name, script));
        return send(request("/remote-scripts")
                .header("Content-Type", "multipart/form-data; boundary=m")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    /// Without a token, as links of object storage are fetched.
    Answer link(String url, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /// The members of a zip with a password, by name.
    static Map<String, String> unpacked(byte[] zip, String password, Path folder) throws IOException {
        Path file = Files.write(folder.resolve("fetched.zip"), zip);
        var members = new TreeMap<String, String>();
        try (var archive = new ZipFile(file.toFile(), password.toCharArray())) {
            for (FileHeader header : archive.getFileHeaders()) {
                try (var in = archive.getInputStream(header)) {
                    members.put(header.getFileName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        Files.delete(file);
        return members;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(SentinelOneEmulator.BASE + path))
                .header("Authorization", "ApiToken " + token);
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.body(), json(response.body()), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return JSON.nullNode();
        }
    }
}
