package io.varve.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.emulator.device.Command;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.Emulator;
import io.varve.emulator.kit.RecordedCall;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/// A contained host behind a vendor, and the tenant Varve is connected to: the same story for every vendor.
abstract class VendorScene implements AutoCloseable {
    static final JsonMapper JSON = new JsonMapper();

    final Installation varve;
    final Device device;
    final String host;
    /// The vendor's id of the alert about it.
    final String alert;
    /// The host's files before anybody captures it.
    Snapshot before;
    private String integration = "";

    VendorScene(Installation varve, String host, Path folder) throws IOException {
        this.varve = varve;
        this.host = host;
        this.alert = alertId(host);
        this.device = Device.start(DeviceFacts.of(host), folder);
        this.before = device.snapshot();
    }

    /// What the vendor's own sensor put on the host belongs to it.
    final void settled() throws IOException {
        before = device.snapshot();
    }

    /// Name of the provider and of the vendor of its integration.
    abstract String vendor();

    /// Name of the alert source its alerts are read by.
    abstract String source();

    abstract Emulator emulator();

    abstract Map<String, String> settings();

    abstract Map<String, String> secrets();

    /// Puts a further host into the tenant.
    abstract void join(Device other) throws IOException;

    /// Puts an alert about the intruder's program on a host of the tenant into the vendor's cloud.
    ///
    /// @param sha256 of the program
    abstract void detect(Device where, String id, Instant at, String sha256);

    /// Comments on that alert, as the vendor keeps them.
    abstract List<String> comments(String id);

    /// Everything of ours that is left in the vendor's cloud.
    abstract List<String> leftInCloud();

    /// The calls that bring bytes of parts here.
    abstract CallFilter partDownloads();

    /// What tells the parts of such calls apart; empty for any other call.
    abstract Optional<String> part(RecordedCall call);

    /// Adds the integration and a rule for its host, and waits until the vendor was reached.
    void connect() throws IOException {
        connect(host, "triage", Map.of());
    }

    /// @param hosts glob over the names of the hosts the rule is for
    /// @param other settings of the integration that are not as usual
    void connect(String hosts, String profile, Map<String, String> other) throws IOException {
        attach(other);
        varve.post(
                "/api/v1/rules",
                JSON.writeValueAsString(Map.of(
                        "name",
                        "Contained " + host,
                        "sources",
                        List.of(source()),
                        "minimumSeverity",
                        60,
                        "assetPattern",
                        hosts,
                        "provider",
                        vendor(),
                        "profile",
                        profile,
                        "dailyBudget",
                        1000,
                        "dedupeWindow",
                        "PT1S")));
    }

    /// Adds the integration alone, and waits until the vendor was reached.
    ///
    /// @param other settings of the integration that are not as usual
    void attach(Map<String, String> other) throws IOException {
        Awaitility.await("the worker's key is known")
                .atMost(Duration.ofMinutes(1))
                .ignoreException(IOException.class)
                .until(() -> added(other));
        Host.await(
                "the integration is checked",
                varve,
                "/api/v1/integrations/" + integration,
                answer -> answer.hasNonNull("checkedAt"));
    }

    private boolean added(Map<String, String> other) throws IOException {
        var all = new HashMap<>(settings());
        all.putAll(other);
        integration = varve.post(
                        "/api/v1/integrations",
                        JSON.writeValueAsString(Map.of(
                                "vendor",
                                vendor(),
                                "name",
                                "tenant of " + host,
                                "enabled",
                                true,
                                "uses",
                                List.of("capture", "alerts", "comment"),
                                "settings",
                                all,
                                "secrets",
                                secrets())))
                .path("id")
                .asText();
        return true;
    }

    JsonNode integration() throws IOException {
        return varve.get("/api/v1/integrations/" + integration);
    }

    /// Lets the vendor detect the intruder, and waits until Varve has an incident of it.
    String detected() throws IOException {
        detect(device);
        JsonNode alerts = Host.await(
                "the alert is fetched and read",
                varve,
                "/api/v1/alerts?limit=1000",
                answer -> alert(answer, alert).hasNonNull("incident"));
        return alert(alerts, alert).path("incident").asText();
    }

    /// Lets the vendor detect the intruder on one of its hosts.
    ///
    /// @return the vendor's id of the alert
    final String detect(Device where) throws IOException {
        String sha256 =
                where.run(Command.script("sha256sum " + Device.implant())).out().substring(0, 64);
        String id = alertId(where.facts().hostname());
        detect(where, id, Instant.now(), sha256);
        return id;
    }

    /// Numeric, as SentinelOne's are.
    private static String alertId(String host) {
        return "17%016d".formatted(Integer.toUnsignedLong(host.hashCode()));
    }

    private static JsonNode alert(JsonNode alerts, String id) {
        return alerts.path("items")
                .valueStream()
                .filter(alert -> alert.path("state").asText().equals("normalised"))
                .filter(alert ->
                        alert.path("normalised").path("sourceAlertId").asText().equals(id))
                .findFirst()
                .orElseGet(JSON::createObjectNode);
    }

    /// The capture that the rule asked for.
    JsonNode capture(String incident) {
        return Host.captureOf(incident, varve);
    }

    JsonNode awaitEnded(JsonNode capture) {
        return Host.awaitEnded(capture, varve);
    }

    JsonNode awaitProcessed(JsonNode capture) {
        return Host.await(
                "the evidence is read",
                varve,
                "/api/v1/evidence/" + Host.evidence(capture),
                answer -> answer.path("processing").path("state").asText().matches("done|failed"));
    }

    /// What custody says of an action, in order.
    List<String> custody(JsonNode capture, String action) throws IOException {
        return varve.get("/api/v1/evidence/" + Host.evidence(capture) + "/custody")
                .path("items")
                .valueStream()
                .filter(entry -> entry.path("action").asText().equals(action))
                .map(entry -> entry.path("detail").asText())
                .toList();
    }

    @Override
    public void close() throws IOException {
        varve.delete("/api/v1/integrations/" + integration);
        emulator().close();
        device.close();
    }
}
