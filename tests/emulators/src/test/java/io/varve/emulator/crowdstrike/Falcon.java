package io.varve.emulator.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.Api;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/// Calls the emulator as the vendor's documents say.
final class Falcon {
    private static final String RTR = "/real-time-response";
    private static final JsonMapper JSON = new JsonMapper();

    private final Api api;
    private final Client client;
    private String token = "none";

    Falcon(CrowdStrike vendor, Client client) {
        this.api = new Api(vendor.url());
        this.client = client;
    }

    Api.Answer signIn() {
        Api.Answer answer = api.send(api.request("/oauth2/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("client_id=" + client.id() + "&client_secret=" + client.secret())));
        if (answer.status() == 201) {
            token = answer.json().path("access_token").asText();
        }
        return answer;
    }

    Api.Answer get(String path) {
        return api.send(api.request(path).header("Authorization", "Bearer " + token));
    }

    Api.Answer delete(String path) {
        return api.send(
                api.request(path).header("Authorization", "Bearer " + token).DELETE());
    }

    Api.Answer send(String method, String path, ObjectNode body) {
        return api.send(api.request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body.toString())));
    }

    Api.Answer post(String path, ObjectNode body) {
        return send("POST", path, body);
    }

    Api.Answer upload(String path, String name, String content) {
        String body = """
                --b0undary\r
                Content-Disposition: form-data; name="file"; filename="%1$s"\r
                Content-Type: application/octet-stream\r
                \r
                %2$s\r
                --b0undary\r
                Content-Disposition: form-data; name="name"\r
                \r
                %1$s\r
                --b0undary\r
                Content-Disposition: form-data; name="description"\r
                \r
                a test\r
                --b0undary--\r
                """.formatted(name, content);
        return api.send(api.request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "multipart/form-data; boundary=b0undary")
                .POST(BodyPublishers.ofString(body)));
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    Api.Answer open(FalconHost host, boolean queue) {
        return post(
                RTR + "/entities/sessions/v1?timeout=30",
                object().put("device_id", host.aid()).put("queue_offline", queue));
    }

    String session(FalconHost host) {
        Api.Answer answer = open(host, false);
        if (answer.status() != 201) {
            throw new AssertionError(answer.text());
        }
        return answer.json().at("/resources/0/session_id").asText();
    }

    Api.Answer command(Level level, String session, String line) {
        return post(
                RTR + "/entities/" + level.endpoint() + "/v1",
                object().put("session_id", session)
                        .put("base_command", line.split(" ")[0])
                        .put("command_string", line));
    }

    Api.Answer status(Level level, String cloudRequest, int sequence) {
        return get(RTR
                + "/entities/%s/v1?cloud_request_id=%s&sequence_id=%d"
                        .formatted(level.endpoint(), cloudRequest, sequence));
    }

    /// Everything a command wrote.
    record Said(String out, String err, int chunks, String cloudRequest) {}

    Said run(Level level, String session, String line) {
        Api.Answer started = command(level, session, line);
        if (started.status() != 201) {
            throw new AssertionError(line + ": " + started.text());
        }
        return output(level, started.json().at("/resources/0/cloud_request_id").asText());
    }

    /// Follows the sequence ids to the end.
    Said output(Level level, String cloudRequest) {
        var out = new StringBuilder();
        var err = new StringBuilder();
        var sequence = new AtomicReference<>(0);
        var chunks = new AtomicReference<>(0);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    Api.Answer answer = status(level, cloudRequest, sequence.get());
                    if (answer.status() == 404) {
                        return false;
                    }
                    JsonNode status = answer.json().at("/resources/0");
                    out.append(status.path("stdout").asText());
                    err.append(status.path("stderr").asText());
                    chunks.updateAndGet(n -> n + (status.path("stdout").asText().isEmpty() ? 0 : 1));
                    int returned = status.path("sequence_id").asInt();
                    sequence.updateAndGet(asked -> returned == asked ? asked + 1 : returned);
                    return status.path("complete").asBoolean();
                });
        return new Said(out.toString(), err.toString(), chunks.get(), cloudRequest);
    }
}
