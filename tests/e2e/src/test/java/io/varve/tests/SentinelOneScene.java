package io.varve.tests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Device;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.Emulator;
import io.varve.emulator.kit.RecordedCall;
import io.varve.emulator.kit.TestClock;
import io.varve.emulator.sentinelone.Agent;
import io.varve.emulator.sentinelone.SentinelOneEmulator;
import io.varve.emulator.sentinelone.ServiceUser;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A host that SentinelOne has put into network quarantine.
final class SentinelOneScene extends VendorScene {
    private static final String TOKEN = "eyJrIjoi-a-token-of-the-test";
    private final SentinelOneEmulator console = new SentinelOneEmulator(TestClock.running());
    private final Map<Device, Agent> agents = new HashMap<>();

    SentinelOneScene(Installation varve, String host, Path folder) throws IOException {
        super(varve, host, folder);
        var permissions = new HashSet<>(ServiceUser.CAPTURE);
        permissions.addAll(ServiceUser.NOTES);
        console.register(
                new ServiceUser("varve", TOKEN, console.clock().instant().plus(Duration.ofDays(90)), permissions));
        join(device);
        console.start();
        settled();
    }

    @Override
    String vendor() {
        return "sentinelone";
    }

    @Override
    String source() {
        return "sentinelone";
    }

    @Override
    Emulator emulator() {
        return console;
    }

    @Override
    Map<String, String> settings() {
        return Map.of(
                "base_url", console.url().toString(),
                "poll_seconds", "1",
                "part_kilobytes", "256",
                "state_seconds", "2",
                "feeds", "threats",
                "fetch_seconds", "1");
    }

    @Override
    Map<String, String> secrets() {
        return Map.of("api_token", TOKEN);
    }

    @Override
    void join(Device other) throws IOException {
        agents.put(other, console.add(other));
    }

    @Override
    void detect(Device where, String id, Instant at, String sha256) {
        Agent agent = Objects.requireNonNull(agents.get(where));
        ObjectNode threat = JSON.createObjectNode().put("id", id);
        threat.putObject("threatInfo")
                .put("threatId", id)
                .put("threatName", "miner")
                .put("classification", "Malware")
                .put("confidenceLevel", "malicious")
                .put("incidentStatus", "unresolved")
                .put("filePath", Device.implant())
                .put("maliciousProcessArguments", Device.implant() + " --pool " + Device.attacker() + ":3333")
                .put("sha256", sha256)
                .put("identifiedAt", at.toString())
                .put("createdAt", at.toString())
                .put("updatedAt", at.toString());
        threat.putObject("agentRealtimeInfo")
                .put("agentId", agent.id())
                .put("agentComputerName", where.facts().hostname())
                .put("agentNetworkStatus", "disconnected")
                .put("agentOsType", "linux");
        threat.putObject("agentDetectionInfo").put("agentIpV4", where.facts().localIp());
        console.addThreat(threat);
    }

    @Override
    List<String> comments(String id) {
        return console.threatNotes(id);
    }

    @Override
    List<String> leftInCloud() {
        return console.scripts();
    }

    @Override
    CallFilter partDownloads() {
        return CallFilter.of("GET", "*/rso-results/*");
    }

    @Override
    Optional<String> part(RecordedCall call) {
        return Optional.of(call.path()).filter(path -> path.contains("/rso-results/"));
    }
}
