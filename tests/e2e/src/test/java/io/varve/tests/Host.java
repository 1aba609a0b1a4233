package io.varve.tests;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/// The enrolled test host as the API shows it: requests captures and waits for what becomes of them.
final class Host {
    private static final Duration LONG = Duration.ofMinutes(4);
    /// Between two looks for what may be over in a second, and for what takes its time: looking costs the server too.
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration CALM = Duration.ofMillis(300);

    private final Installation varve;
    final String asset;

    private Host(Installation varve, String asset) {
        this.varve = varve;
        this.asset = asset;
    }

    /// Enrols an agent on the tree and waits until it is online.
    static Host enrol(Installation varve, Path state, Path root) throws IOException {
        varve.agent(state, root);
        JsonNode agents = await(
                "the agent is online",
                varve,
                "/api/v1/agents",
                answer -> answer.path("items").path(0).path("online").asBoolean());
        return new Host(varve, agents.path("items").path(0).path("asset").asText());
    }

    /// Requests a capture and answers it.
    JsonNode capture() throws IOException {
        return varve.post(
                "/api/v1/captures",
                "{\"asset\":\"%s\",\"provider\":\"endpoint\",\"profile\":\"triage\"}".formatted(asset));
    }

    JsonNode awaitCapture(JsonNode capture, String what, Predicate<JsonNode> condition) {
        return await(what, varve, "/api/v1/captures/" + capture.path("id").asText(), condition, SOON);
    }

    JsonNode awaitEvidence(JsonNode capture, String what, Predicate<JsonNode> condition) {
        return await(what, varve, "/api/v1/evidence/" + evidence(capture), condition, SOON);
    }

    /// Waits until the capture is sealed and its processing has ended well.
    JsonNode awaitProcessed(JsonNode capture) {
        awaitEnded(capture, varve);
        return await("processed", varve, "/api/v1/evidence/" + evidence(capture), e -> {
            String state = e.path("processing").path("state").asText();
            return state.equals("done") || state.equals("failed");
        });
    }

    /// The capture that a rule asks for.
    static JsonNode captureOf(String incident, Installation varve) {
        return await(
                        "the rule asks for a capture",
                        varve,
                        "/api/v1/captures?incident=" + incident,
                        answer -> answer.path("items").size() > 0)
                .path("items")
                .path(0);
    }

    static JsonNode awaitEnded(JsonNode capture, Installation varve) {
        return await(
                "the capture ends",
                varve,
                "/api/v1/captures/" + capture.path("id").asText(),
                answer -> ended(answer.path("state").asText()));
    }

    static String evidence(JsonNode capture) {
        String key = capture.path("evidence").asText();
        return key.substring(key.indexOf('/') + 1);
    }

    static boolean ended(String state) {
        return state.equals("captured") || state.equals("failed") || state.equals("cancelled");
    }

    /// How many events of one evidence item match.
    long count(JsonNode capture, String query) throws IOException {
        return varve.get("/api/v1/timeline?limit=1&evidence=%s&q=%s"
                        .formatted(evidence(capture), URLEncoder.encode(query, StandardCharsets.UTF_8)))
                .path("total")
                .asLong();
    }

    static JsonNode await(String what, Installation varve, String path, Predicate<JsonNode> condition) {
        return await(what, varve, path, condition, CALM);
    }

    private static JsonNode await(
            String what, Installation varve, String path, Predicate<JsonNode> condition, Duration interval) {
        var last = new AtomicReference<JsonNode>();
        try {
            Awaitility.await(what)
                    .atMost(LONG)
                    .pollInterval(interval)
                    .ignoreExceptions()
                    .until(() -> {
                        JsonNode answer = varve.get(path);
                        last.set(answer);
                        return condition.test(answer);
                    });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("waited in vain until " + what + ": " + last.get(), e);
        }
        return last.get();
    }
}
