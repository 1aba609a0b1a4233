package io.varve.emulator.defender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Calls the emulator as a plain client would.
final class Client {
    static final String DEFENDER = "https://api.securitycenter.microsoft.com/.default";
    static final String GRAPH = "https://graph.microsoft.com/.default";
    static final String AZURE = "https://management.azure.com/.default";
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;
    private String token = "";

    Client(URI base) {
        this.base = base;
    }

    /// What came back: status, body as text, the JSON in it (a null node for none), and the headers.
    record Answer(int status, byte[] bytes, JsonNode json, HttpResponse<byte[]> response) {
        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    Answer signIn(String client, String secret, String scope) {
        String form = "grant_type=client_credentials&client_id=%s&client_secret=%s&scope=%s"
                .formatted(client, secret, encoded(scope));
        Answer answer = send(HttpRequest.newBuilder(base.resolve("/" + DefenderEmulator.TENANT + "/oauth2/v2.0/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
        token = answer.json().path("access_token").asText();
        return answer;
    }

    Answer get(String path) {
        return send(authorized(path).GET());
    }

    /// Spaces and quotes of the filter are encoded here.
    Answer list(String path, Map<String, String> query) {
        String all = String.join(
                "&",
                query.entrySet().stream()
                        .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                        .toList());
        return get(path + "?" + all);
    }

    Answer post(String path, String json) {
        return method("POST", path, json);
    }

    Answer method(String method, String path, String json) {
        return send(authorized(path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(json)));
    }

    Answer upload(String name, byte[] content, String override) {
        String mark = "mark-77";
        String head =
                "--%s\r\nContent-Disposition: form-data; name=\"File\"; filename=\"%s\"\r\n\r\n".formatted(mark, name);
        String tail = "\r\n--%s\r\nContent-Disposition: form-data; name=\"OverrideIfExists\"\r\n\r\n%s\r\n--%s--\r\n"
                .formatted(mark, override, mark);
        return send(authorized("/api/libraryfiles")
                .header("Content-Type", "multipart/form-data; boundary=" + mark)
                .POST(BodyPublishers.concat(
                        BodyPublishers.ofString(head),
                        BodyPublishers.ofByteArray(content),
                        BodyPublishers.ofString(tail))));
    }

    /// Without a token, as links of a blob store are fetched.
    Answer link(String url, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private HttpRequest.Builder authorized(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + token);
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

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
