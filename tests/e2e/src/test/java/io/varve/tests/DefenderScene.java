package io.varve.tests;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.defender.Application;
import io.varve.emulator.defender.DefenderEmulator;
import io.varve.emulator.defender.Machine;
import io.varve.emulator.device.Device;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.Emulator;
import io.varve.emulator.kit.RecordedCall;
import io.varve.emulator.kit.TestCertificate;
import io.varve.emulator.kit.TestClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A machine that Defender has isolated.
final class DefenderScene extends VendorScene {
    private static final String SECRET = "opensesame";
    private final TestCertificate certificate = TestCertificate.make();
    private final DefenderEmulator defender = new DefenderEmulator(TestClock.running(), Optional.of(certificate));
    private final Map<Device, Machine> machines = new HashMap<>();

    DefenderScene(Installation varve, String host, Path folder) throws IOException {
        super(varve, host, folder);
        var roles = new HashSet<>(Application.CAPTURE_ROLES);
        roles.addAll(Application.COMMENT_ROLES);
        defender.register(new Application("varve-app", SECRET, roles));
        join(device);
        defender.start();
        settled();
    }

    @Override
    String vendor() {
        return "defender";
    }

    @Override
    String source() {
        return "graph";
    }

    @Override
    Emulator emulator() {
        return defender;
    }

    @Override
    Map<String, String> settings() {
        String url = defender.url().toString();
        return Map.ofEntries(
                Map.entry("tenant_id", DefenderEmulator.TENANT),
                Map.entry("client_id", "varve-app"),
                Map.entry("authority", url),
                Map.entry("base_url", url),
                Map.entry("graph_url", url),
                Map.entry("arm_url", url),
                Map.entry("ca", certificate.pem()),
                Map.entry("poll_seconds", "1"),
                Map.entry("look_seconds", "2"),
                Map.entry("part_size", "262144"),
                Map.entry("fetch_seconds", "1"));
    }

    @Override
    Map<String, String> secrets() {
        return Map.of("client_secret", SECRET);
    }

    @Override
    void join(Device other) throws IOException {
        machines.put(other, defender.add(other));
    }

    @Override
    void detect(Device where, String id, Instant at, String sha256) {
        Machine machine = Objects.requireNonNull(machines.get(where));
        ObjectNode alert = JSON.createObjectNode()
                .put("id", id)
                .put("providerAlertId", id)
                .put("incidentId", "7")
                .put("status", "new")
                .put("severity", "high")
                .put("title", "A miner was started")
                .put("description", "A program in a temporary folder connects to a mining pool.")
                .put("category", "Malware")
                .put("serviceSource", "microsoftDefenderForEndpoint")
                .put("createdDateTime", at.toString())
                .put("firstActivityDateTime", at.toString())
                .put("lastActivityDateTime", at.toString())
                .put("lastUpdateDateTime", at.toString());
        alert.putArray("comments");
        ArrayNode evidence = alert.putArray("evidence");
        evidence.addObject()
                .put("@odata.type", "#microsoft.graph.security.deviceEvidence")
                .put("mdeDeviceId", machine.id())
                .put("deviceDnsName", where.facts().hostname())
                .put("hostName", where.facts().hostname())
                .put("osPlatform", "Linux");
        Path program = Path.of(Device.implant());
        evidence.addObject()
                .put("@odata.type", "#microsoft.graph.security.processEvidence")
                .put("mdeDeviceId", machine.id())
                .put("processCommandLine", Device.implant() + " --pool " + Device.attacker() + ":3333")
                .putObject("imageFile")
                .put("fileName", program.getFileName().toString())
                .put("filePath", program.resolveSibling("").toString())
                .put("sha256", sha256);
        defender.addGraphAlert(alert);
    }

    @Override
    List<String> comments(String id) {
        return defender.graphAlert(id)
                .map(alert -> alert.path("comments")
                        .valueStream()
                        .map(comment -> comment.path("comment").asText())
                        .toList())
                .orElse(List.of());
    }

    @Override
    List<String> leftInCloud() {
        return defender.libraryFiles();
    }

    @Override
    CallFilter partDownloads() {
        return new CallFilter("GET", CallFilter.of("GET", "*/part-*").path());
    }

    @Override
    Optional<String> part(RecordedCall call) {
        return Optional.of(call.path()).filter(path -> path.contains("part-"));
    }
}
