package io.varve.tests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.crowdstrike.Client;
import io.varve.emulator.crowdstrike.CrowdStrike;
import io.varve.emulator.crowdstrike.FalconHost;
import io.varve.emulator.crowdstrike.Scope;
import io.varve.emulator.crowdstrike.SessionFile;
import io.varve.emulator.crowdstrike.Settings;
import io.varve.emulator.device.Device;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.Emulator;
import io.varve.emulator.kit.RecordedCall;
import io.varve.emulator.kit.TestClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// A host that CrowdStrike has contained.
final class CrowdStrikeScene extends VendorScene {
    /// The documented cloud, which answers at once: its slowness is tested in the provider's module.
    private static final Settings PROMPT =
            new Settings("us-1", 6000, Duration.ofMinutes(30), Duration.ofMinutes(10), 4L << 30, 4L << 30, 0, 0, 0);

    private final CrowdStrike falcon;
    private final Client client;
    private final Map<Device, FalconHost> sensors = new HashMap<>();

    CrowdStrikeScene(Installation varve, String host, Path folder) throws IOException {
        super(varve, host, folder);
        falcon = CrowdStrike.start(TestClock.running(), PROMPT, folder);
        client = falcon.client(
                Scope.HOSTS_READ,
                Scope.RTR_READ,
                Scope.RTR_WRITE,
                Scope.RTR_ADMIN,
                Scope.ALERTS_READ,
                Scope.ALERTS_WRITE);
        join(device);
    }

    @Override
    String vendor() {
        return "crowdstrike";
    }

    @Override
    String source() {
        return "crowdstrike";
    }

    @Override
    Emulator emulator() {
        return falcon;
    }

    @Override
    Map<String, String> settings() {
        return Map.of(
                "base_url",
                falcon.url().toString(),
                "client_id",
                client.id(),
                "part_size",
                "1048576",
                "fetch_seconds",
                "1");
    }

    @Override
    Map<String, String> secrets() {
        return Map.of("client_secret", client.secret());
    }

    @Override
    void join(Device other) {
        sensors.put(other, falcon.host(other));
    }

    /// The vendor's id of a host of the tenant.
    String sensor(Device where) {
        return Objects.requireNonNull(sensors.get(where)).aid();
    }

    @Override
    void detect(Device where, String id, Instant at, String sha256) {
        ObjectNode alert = JSON.createObjectNode()
                .put("composite_id", id)
                .put("aggregate_id", "agg:" + id)
                .put("cid", falcon.cid())
                .put("agent_id", sensor(where))
                .put("product", "epp")
                .put("type", "ldt")
                .put("name", "MinerStarted")
                .put("display_name", "A miner was started")
                .put("description", "A program in a temporary folder connects to a mining pool.")
                .put("severity", 70)
                .put("severity_name", "High")
                .put("status", "new")
                .put("timestamp", at.toString())
                .put("created_timestamp", at.toString())
                .put("updated_timestamp", at.toString())
                .put("filename", Path.of(Device.implant()).getFileName().toString())
                .put("filepath", Device.implant())
                .put("cmdline", Device.implant() + " --pool " + Device.attacker() + ":3333")
                .put("sha256", sha256);
        alert.putObject("device")
                .put("device_id", sensor(where))
                .put("hostname", where.facts().hostname())
                .put("platform_name", "Linux")
                .put("status", "contained")
                .put("local_ip", where.facts().localIp());
        falcon.alert(alert);
    }

    @Override
    List<String> comments(String id) {
        return falcon.comments(id);
    }

    @Override
    List<String> leftInCloud() {
        return Stream.of(falcon.cloudFiles().stream().map(SessionFile::name), falcon.openSessions().stream())
                .flatMap(all -> all)
                .toList();
    }

    @Override
    CallFilter partDownloads() {
        return CallFilter.of("GET", "*/extracted-file-contents/*");
    }

    @Override
    Optional<String> part(RecordedCall call) {
        return Optional.of(call.parameter("sha256"))
                .filter(sha256 -> call.path().contains("/extracted-file-contents/"));
    }
}
