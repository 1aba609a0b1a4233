package io.varve.provider.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.Containment;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.RemoteHost;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An agent as the console lists it.
///
/// @param active whether it answers the console now; has nothing to do with its network status
record Agent(
        String id,
        String uuid,
        String name,
        Optional<Platform> platform,
        boolean active,
        boolean gone,
        Instant lastActive,
        Containment containment,
        Map<String, String> facts) {
    private static final List<String> FACTS = List.of(
            "uuid",
            "domain",
            "osName",
            "osRevision",
            "agentVersion",
            "networkStatus",
            "externalIp",
            "lastIpToMgmt",
            "lastActiveDate",
            "siteId",
            "siteName",
            "groupName",
            "accountName",
            "machineType",
            "mitigationMode");
    private static final int MOST_ADDRESSES = 20;

    /// @throws ProviderException when the row has no usable id
    static Agent of(JsonNode row) throws ProviderException {
        String id = row.path("id").asText("");
        if (!SentinelOne.id(id)) {
            throw new ProviderException(Kind.FAILED, "SentinelOne lists an agent without an id");
        }
        return new Agent(
                id,
                SentinelOne.text(row, "uuid").orElse(""),
                SentinelOne.text(row, "computerName").orElse(id),
                SentinelOne.text(row, "osType").flatMap(Platform::named),
                row.path("isActive").asBoolean(false),
                row.path("isDecommissioned").asBoolean(false)
                        || row.path("isUninstalled").asBoolean(false),
                SentinelOne.time(row, "lastActiveDate").orElse(Instant.EPOCH),
                containment(row.path("networkStatus").asText("")),
                facts(row));
    }

    /// `disconnected` is what the console calls a host that it cut off. A host that is merely
    /// offline keeps its status.
    static Containment containment(String networkStatus) {
        return switch (networkStatus) {
            case "connected" -> Containment.NORMAL;
            case "disconnected" -> Containment.CONTAINED;
            case "connecting", "disconnecting" -> Containment.PENDING;
            default -> Containment.UNKNOWN;
        };
    }

    RemoteHost host(List<Agent> others) {
        return new RemoteHost(
                id,
                name,
                platform,
                Optional.of(active),
                others.stream().map(Agent::words).toList(),
                facts);
    }

    private String words() {
        return "agent %s (%s), last seen %s%s"
                .formatted(id, name, lastActive, gone ? ", decommissioned or uninstalled" : "");
    }

    private static Map<String, String> facts(JsonNode row) {
        var facts = new LinkedHashMap<String, String>();
        for (String fact : FACTS) {
            SentinelOne.text(row, fact).ifPresent(value -> facts.put(fact, value));
        }
        var addresses = new ArrayList<String>();
        for (JsonNode card : row.path("networkInterfaces")) {
            card.path("inet").forEach(address -> addresses.add(SentinelOne.printable(address.asText(), 45)));
        }
        if (!addresses.isEmpty()) {
            facts.put("addresses", String.join(" ", addresses.subList(0, Math.min(addresses.size(), MOST_ADDRESSES))));
        }
        return facts;
    }
}
