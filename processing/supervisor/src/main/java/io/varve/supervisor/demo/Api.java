package io.varve.supervisor.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/// Varve's REST interface, as automation calls it.
///
/// @param credential name and value of the header that says who calls
record Api(URI base, Map<String, String> credential) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LONGEST = Duration.ofMinutes(5);

    static Api anonymous(String address) {
        return new Api(URI.create(address + "/api/v1/"), Map.of());
    }

    Api withKey(String key) {
        return new Api(base, Map.of("Authorization", "Bearer " + key));
    }

    /// Signs in; the answer carries the cookie.
    Api signedIn(String user, String password) throws DemoException, InterruptedException {
        HttpResponse<String> response = send("POST", "session", Map.of("user", user, "password", password));
        String cookie = response.headers().firstValue("Set-Cookie").orElse("");
        return new Api(base, Map.of("Cookie", cookie.replaceFirst(";.*", "")));
    }

    JsonNode get(String path) throws DemoException, InterruptedException {
        return json(send("GET", path, MissingNode.getInstance()));
    }

    JsonNode post(String path, Object body) throws DemoException, InterruptedException {
        return json(send("POST", path, body));
    }

    private HttpResponse<String> send(String method, String path, Object body)
            throws DemoException, InterruptedException {
        try {
            HttpRequest.BodyPublisher content = body instanceof MissingNode
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body));
            HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                    .timeout(LONGEST)
                    .header("Content-Type", "application/json")
                    .method(method, content);
            credential.forEach(request::header);
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new DemoException(
                        "%s %s was answered %d: %s".formatted(method, path, response.statusCode(), response.body()));
            }
            return response;
        } catch (IOException e) {
            throw new DemoException("%s %s failed: %s".formatted(method, path, e), e);
        }
    }

    private static JsonNode json(HttpResponse<String> response) throws DemoException {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new DemoException("not JSON: " + response.uri(), e);
        }
    }
}
