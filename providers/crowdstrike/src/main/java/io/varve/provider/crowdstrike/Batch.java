package io.varve.provider.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Sessions on many hosts as one: a command goes to all of them in one call. Hosts that do not answer are left out and
/// reported. Single captures do not need it; a sweep over many hosts saves most of its calls.
final class Batch {
    private static final String BASE = "/real-time-response/combined/batch-";

    private final CrowdStrike falcon;
    private final String id;
    private final Map<String, String> failures;

    private Batch(CrowdStrike falcon, String id, Map<String, String> failures) {
        this.falcon = falcon;
        this.id = id;
        this.failures = failures;
    }

    /// What a command said on one host.
    ///
    /// @param error CrowdStrike's words when it could not be run there
    record Result(String stdout, String stderr, Optional<String> error) {}

    /// @throws ProviderException OFFLINE when none of the hosts answers
    static Batch open(CrowdStrike falcon, Collection<String> aids) throws ProviderException, InterruptedException {
        ObjectNode body = CrowdStrike.JSON.createObjectNode().put("queue_offline", false);
        aids.forEach(body.withArray("host_ids")::add);
        JsonNode opened;
        try {
            opened = falcon.good(Scope.RTR_READ, CrowdStrike.json("POST", address(falcon, "init-session"), body));
        } catch (ProviderException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
            throw new ProviderException(Kind.OFFLINE, "none of the hosts answers: " + e.reason());
        }
        var failures = new LinkedHashMap<String, String>();
        opened.path("resources")
                .properties()
                .forEach(host -> error(host.getValue()).ifPresent(text -> failures.put(host.getKey(), text)));
        return new Batch(falcon, opened.path("batch_id").asText(""), failures);
    }

    private static URI address(CrowdStrike falcon, String name) throws ProviderException, InterruptedException {
        return falcon.uri(BASE + name + "/v1", "timeout", "60", "timeout_duration", "60s");
    }

    /// Hosts no session could be opened on, with CrowdStrike's words.
    Map<String, String> failures() {
        return failures;
    }

    /// Keeps the sessions alive; due every four minutes.
    void refresh() throws ProviderException, InterruptedException {
        falcon.good(
                Scope.RTR_READ,
                CrowdStrike.json(
                        "POST",
                        address(falcon, "refresh-session"),
                        CrowdStrike.JSON.createObjectNode().put("batch_id", id)));
    }

    /// Runs a command on all hosts and waits for it; by sensor id.
    Map<String, Result> run(RtrCommand command) throws ProviderException, InterruptedException {
        ObjectNode body = CrowdStrike.JSON
                .createObjectNode()
                .put("batch_id", id)
                .put("base_command", command.base())
                .put("command_string", command.line());
        JsonNode answer = falcon.good(
                command.level().scope(),
                CrowdStrike.json("POST", address(falcon, command.level().address()), body));
        var results = new LinkedHashMap<String, Result>();
        answer.path("combined")
                .path("resources")
                .properties()
                .forEach(host -> results.put(
                        host.getKey(),
                        new Result(
                                host.getValue().path("stdout").asText(""),
                                host.getValue().path("stderr").asText(""),
                                error(host.getValue()))));
        return results;
    }

    private static Optional<String> error(JsonNode host) {
        JsonNode first = host.path("errors").path(0);
        return first.isMissingNode()
                ? Optional.empty()
                : Optional.of(CrowdStrike.plain(
                        first.path("code").asText("") + " "
                                + first.path("message").asText(""),
                        300));
    }
}
