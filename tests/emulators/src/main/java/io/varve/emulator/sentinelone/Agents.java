package io.varve.emulator.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The agents of the console and their network state.
final class Agents {
    private static final Rows LIST = new Rows()
            .oneOf("ids", "/id")
            .oneOf("uuid", "/uuid")
            .oneOf("uuids", "/uuid")
            .oneOf("computerName", "/computerName")
            .contains("computerName__contains", "/computerName")
            .contains("computerName__like", "/computerName")
            .contains("computerNameOrUuid__contains", "/computerName", "/uuid")
            .contains("networkInterfaceInet__contains", "/networkInterfaces")
            .contains("networkInterfacePhysical__contains", "/networkInterfaces")
            .contains("externalIp__contains", "/externalIp")
            .contains("cloudInstanceId__contains", "/cloudProviders")
            .contains("cloudAccount__contains", "/cloudProviders")
            .oneOf("networkStatuses", "/networkStatus")
            .oneOf("isActive", "/isActive")
            .oneOf("isDecommissioned", "/isDecommissioned")
            .oneOf("osTypes", "/osType")
            .oneOf("siteIds", "/siteId")
            .oneOf("accountIds", "/accountId")
            .oneOf("groupIds", "/groupId");

    private final Clock clock;
    private final Gate gate;
    private final Map<String, Agent> agents = new LinkedHashMap<>();

    Agents(Clock clock, Gate gate) {
        this.clock = clock;
        this.gate = gate;
    }

    void routes(Routes routes) {
        routes.on("GET", SentinelOneEmulator.BASE + "/agents", this::list);
    }

    synchronized void add(Agent agent) {
        agents.put(agent.id(), agent);
    }

    synchronized List<Agent> all() {
        return List.copyOf(agents.values());
    }

    synchronized Optional<Agent> byId(String id) {
        return Optional.ofNullable(agents.get(id));
    }

    /// @throws Refused when there is none
    Agent find(String id) {
        return byId(id).orElseThrow(() -> Refused.notFound("Agent " + id + " was not found"));
    }

    /// The agents that the `filter` of a command names. An empty filter is refused: it would mean all.
    List<Agent> matching(JsonNode filter) {
        if (!filter.isObject() || filter.isEmpty()) {
            throw Refused.invalid("filter: Missing data for required field");
        }
        return all().stream().filter(agent -> matches(agent, filter)).toList();
    }

    private boolean matches(Agent agent, JsonNode filter) {
        ObjectNode row = agent.json(clock.instant());
        for (Map.Entry<String, JsonNode> condition : filter.properties()) {
            String field = switch (condition.getKey()) {
                case "ids", "agentIds" -> "id";
                case "uuids", "uuid" -> "uuid";
                case "siteIds" -> "siteId";
                case "accountIds" -> "accountId";
                case "groupIds" -> "groupId";
                case "computerName" -> "computerName";
                case "osTypes" -> "osType";
                default -> throw Refused.invalid("filter: Unknown field " + condition.getKey());
            };
            if (!holds(condition.getValue(), row.path(field).asText())) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(JsonNode wanted, String value) {
        if (!wanted.isArray()) {
            return wanted.asText().toLowerCase(Locale.ROOT).equals(value.toLowerCase(Locale.ROOT));
        }
        for (JsonNode one : wanted) {
            if (one.asText().equals(value)) {
                return true;
            }
        }
        return false;
    }

    private Response list(Call call) {
        gate.require(call, "Endpoints.view");
        return LIST.page(
                call, all().stream().map(agent -> agent.json(clock.instant())).toList());
    }
}
