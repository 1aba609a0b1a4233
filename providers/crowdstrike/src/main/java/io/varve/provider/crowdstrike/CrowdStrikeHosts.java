package io.varve.provider.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Channel;
import io.varve.provider.collector.HostDirectory;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.RemoteHost;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The hosts of a Falcon tenant. A re-imaged host is there several times under one name: of a name the newest is
/// taken, of a sensor id that sensor, and the others are reported.
final class CrowdStrikeHosts implements HostDirectory {
    private static final Pattern AID = Pattern.compile("[0-9a-fA-F]{32}");
    private static final Pattern HOSTNAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,254}");
    private static final int MOST_MATCHES = 100;
    private static final List<String> FACTS = List.of(
            "cid",
            "local_ip",
            "external_ip",
            "mac_address",
            "os_version",
            "agent_version",
            "serial_number",
            "instance_id",
            "first_seen",
            "last_seen",
            "status",
            "rtr_state",
            "reduced_functionality_mode");

    private final Tenants tenants;

    CrowdStrikeHosts(Tenants tenants) {
        this.tenants = tenants;
    }

    @Override
    public RemoteHost find(Connection connection, String target) throws ProviderException, InterruptedException {
        CrowdStrike falcon = tenants.of(connection).client();
        JsonNode device = AID.matcher(target).matches()
                ? device(falcon, target.toLowerCase(Locale.ROOT))
                : newest(named(falcon, target), target);
        String id = device.path("device_id").asText("");
        String name = fact(device, "hostname");
        return new RemoteHost(
                id,
                name.isEmpty() ? id : name,
                Platform.named(fact(device, "platform_name")),
                online(falcon, id),
                HOSTNAME.matcher(name).matches() ? others(named(falcon, name), id) : List.of(),
                facts(device));
    }

    private static JsonNode device(CrowdStrike falcon, String aid) throws ProviderException, InterruptedException {
        JsonNode device = entities(falcon, List.of(aid)).path(0);
        if (!device.path("device_id").asText("").equals(aid)) {
            throw new ProviderException(Kind.NOT_FOUND, "CrowdStrike knows no sensor " + aid);
        }
        return device;
    }

    private static JsonNode entities(CrowdStrike falcon, List<String> aids)
            throws ProviderException, InterruptedException {
        ObjectNode body = CrowdStrike.JSON.createObjectNode();
        aids.forEach(body.withArray("ids")::add);
        return falcon.post(Scope.HOSTS_READ, "/devices/entities/devices/v2", body)
                .path("resources");
    }

    private static List<JsonNode> named(CrowdStrike falcon, String hostname)
            throws ProviderException, InterruptedException {
        if (!HOSTNAME.matcher(hostname).matches()) {
            throw new ProviderException(
                    Kind.NOT_FOUND, "neither a sensor id nor a host name: " + CrowdStrike.plain(hostname, 100));
        }
        var ids = new ArrayList<String>();
        falcon.read(
                        Scope.HOSTS_READ,
                        "/devices/queries/devices/v1",
                        "filter",
                        "hostname:'%s'".formatted(hostname),
                        "limit",
                        Integer.toString(MOST_MATCHES))
                .path("resources")
                .forEach(id -> ids.add(id.asText("")));
        if (ids.isEmpty()) {
            return List.of();
        }
        var devices = new ArrayList<JsonNode>();
        entities(falcon, ids).forEach(devices::add);
        devices.sort(Comparator.comparing((JsonNode device) -> fact(device, "last_seen"))
                .reversed());
        return devices;
    }

    private static JsonNode newest(List<JsonNode> devices, String hostname) throws ProviderException {
        if (devices.isEmpty()) {
            throw new ProviderException(Kind.NOT_FOUND, "CrowdStrike knows no host named " + hostname);
        }
        return devices.getFirst();
    }

    private static List<String> others(List<JsonNode> devices, String chosen) {
        return devices.stream()
                .filter(device -> !device.path("device_id").asText("").equals(chosen))
                .map(device -> "%s, last seen %s".formatted(fact(device, "device_id"), fact(device, "last_seen")))
                .toList();
    }

    private static Optional<Boolean> online(CrowdStrike falcon, String aid)
            throws ProviderException, InterruptedException {
        String state = falcon.read(Scope.HOSTS_READ, "/devices/entities/online-state/v1", "ids", aid)
                .path("resources")
                .path(0)
                .path("state")
                .asText("");
        return switch (state) {
            case "online" -> Optional.of(true);
            case "offline" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static Map<String, String> facts(JsonNode device) {
        var facts = new LinkedHashMap<String, String>();
        for (String name : FACTS) {
            String fact = fact(device, name);
            if (!fact.isEmpty()) {
                facts.put(name, fact);
            }
        }
        return facts;
    }

    private static String fact(JsonNode device, String name) {
        return CrowdStrike.plain(device.path(name).asText(""), 200);
    }

    @Override
    public Containment containment(Connection connection, RemoteHost host)
            throws ProviderException, InterruptedException {
        return containment(device(tenants.of(connection).client(), host.id())
                .path("status")
                .asText(""));
    }

    static Containment containment(String status) {
        return switch (status.strip().toLowerCase(Locale.ROOT)) {
            case "normal" -> Containment.NORMAL;
            case "contained" -> Containment.CONTAINED;
            case "containment_pending", "lift_containment_pending" -> Containment.PENDING;
            default -> Containment.UNKNOWN;
        };
    }

    @Override
    public Channel open(Connection connection, RemoteHost host, CaptureContext context)
            throws ProviderException, InterruptedException {
        Optional<String> obstacle = obstacle(host);
        if (obstacle.isPresent()) {
            throw new ProviderException(Kind.REFUSED, host.name() + ": " + obstacle.get());
        }
        return new FalconChannel(tenants.of(connection), host, context);
    }

    /// Why no session can be opened there, and what to do about it.
    static Optional<String> obstacle(RemoteHost host) {
        String rtr = host.facts().getOrDefault("rtr_state", "enabled");
        if (!rtr.equalsIgnoreCase("enabled")) {
            return Optional.of(
                    "Real Time Response is %s for this host. Switch it on in the host's response policy (Falcon console: Host setup and management > Response policies), with put, get and custom scripts"
                            .formatted(rtr));
        }
        String reduced = host.facts().getOrDefault("reduced_functionality_mode", "no");
        if (reduced.equalsIgnoreCase("yes") || reduced.equalsIgnoreCase("true")) {
            return Optional.of(
                    "its sensor runs with reduced functionality, which has no Real Time Response. Update the sensor or the host's kernel to a supported pair");
        }
        return Optional.empty();
    }
}
