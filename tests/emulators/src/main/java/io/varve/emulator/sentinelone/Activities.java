package io.varve.emulator.sentinelone;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// What the console writes down of everything that happened.
final class Activities {
    static final int FETCHED = 80;
    static final int FETCH_ASKED = 81;
    static final int THREAT_FILE = 86;

    private static final Rows LIST = new Rows()
            .oneOf("activityTypes", "/activityType")
            .oneOf("agentIds", "/agentId")
            .oneOf("threatIds", "/threatId")
            .oneOf("ids", "/id")
            .oneOf("activityUuids", "/activityUuid")
            .oneOf("userIds", "/userId")
            .oneOf("siteIds", "/siteId")
            .oneOf("accountIds", "/accountId")
            .oneOf("groupIds", "/groupId")
            .when("includeHidden", (row, value) -> true)
            .times("createdAt", "/createdAt");

    private final Clock clock;
    private final Gate gate;
    private final Ids ids;
    private final Behaviour behaviour;
    private final List<ObjectNode> rows = new ArrayList<>();

    Activities(Clock clock, Gate gate, Ids ids, Behaviour behaviour) {
        this.clock = clock;
        this.gate = gate;
        this.ids = ids;
        this.behaviour = behaviour;
    }

    void routes(Routes routes) {
        routes.on("GET", SentinelOneEmulator.BASE + "/activities", this::list);
        routes.on("GET", SentinelOneEmulator.BASE + "/activities/types", this::types);
    }

    /// Writes an activity down.
    ///
    /// @param id of the activity, which its own data may name
    synchronized ObjectNode add(String id, int type, Optional<Agent> agent, String text, ObjectNode data) {
        String now = Ids.time(clock.instant());
        data.put("accountName", "Example Corp").put("siteName", "Default site").put("groupName", "Default Group");
        agent.ifPresent(host -> data.put("computerName", host.name()));
        ObjectNode row = JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("activityUuid", UUID.randomUUID().toString())
                .put("activityType", type)
                .put("createdAt", now)
                .put("updatedAt", now)
                .put("primaryDescription", text)
                .putNull("secondaryDescription")
                .putNull("description")
                .putNull("hash")
                .putNull("comments")
                .put("agentId", agent.map(Agent::id).orElse(null))
                .putNull("threatId")
                .putNull("userId")
                .put("osFamily", agent.map(Agent::osType).orElse(null))
                .put("accountId", Agent.ACCOUNT)
                .put("accountName", "Example Corp")
                .put("siteId", Agent.SITE)
                .put("siteName", "Default site")
                .put("groupId", Agent.GROUP)
                .put("groupName", "Default Group");
        row.set("data", data);
        rows.add(row);
        return row;
    }

    /// Writes down that an agent was disconnected from the network or connected again, whoever did it.
    void tell(Agent agent) {
        if (agent.told() == agent.containment()) {
            return;
        }
        agent.told(agent.containment());
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("networkStatus", agent.networkStatus());
        switch (agent.containment()) {
            case CONTAINED ->
                add(
                        ids.next(),
                        behaviour.disconnectedActivity,
                        Optional.of(agent),
                        "Agent " + agent.name() + " was disconnected from the network.",
                        data);
            case NORMAL ->
                add(
                        ids.next(),
                        behaviour.reconnectedActivity,
                        Optional.of(agent),
                        "Agent " + agent.name() + " was connected to the network.",
                        data);
            case PENDING, RELEASE_PENDING -> {}
        }
    }

    synchronized List<ObjectNode> ofThreat(String threat) {
        return rows.stream()
                .filter(row -> row.path("threatId").asText().equals(threat))
                .map(ObjectNode::deepCopy)
                .toList();
    }

    private synchronized Response list(Call call) {
        gate.require(call, "Activity Page.view");
        return LIST.page(call, List.copyOf(rows));
    }

    private Response types(Call call) {
        gate.require(call, "Activity Page.view");
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        var names = new TreeMap<>(Map.of(
                19,
                "New Malicious Threat Not Mitigated",
                FETCHED,
                "Fetched Files Uploaded",
                FETCH_ASKED,
                "User Requested Fetch Files",
                THREAT_FILE,
                "Threat File Uploaded",
                2010,
                "Network Quarantine Failed",
                3784,
                "Custom Alert",
                4003,
                "New Suspicious Threat Not Mitigated"));
        names.put(behaviour.disconnectedActivity, "Agent Disconnected From Network");
        names.put(behaviour.reconnectedActivity, "Agent Reconnected To Network");
        names.forEach(
                (id, name) -> data.addObject().put("id", id).put("action", name).put("descriptionTemplate", name));
        return Rows.data(data);
    }
}
