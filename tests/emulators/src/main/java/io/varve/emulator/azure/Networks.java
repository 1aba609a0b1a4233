package io.varve.emulator.azure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Response;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// Network interfaces, subnets, public addresses, Network Watchers and their flow logs, as tests put them.
/// Names are the same in any letter case.
public final class Networks {
    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, ObjectNode> resources = new ConcurrentSkipListMap<>();
    /// Ids of network interfaces by that of their machine.
    private final Map<String, List<String>> cards = new ConcurrentHashMap<>();

    Networks() {}

    /// @param id resource id, of [Estate#REGION]
    /// @param properties an object of JSON
    public void put(String id, String properties) {
        try {
            ObjectNode resource = JsonNodeFactory.instance
                    .objectNode()
                    .put("id", id)
                    .put("name", id.substring(id.lastIndexOf('/') + 1))
                    .put("location", Estate.REGION);
            resource.set("properties", JSON.readTree(properties));
            resources.put(Estate.key(id), resource);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /// Ids of a machine's network interfaces.
    public void attach(Machine machine, String... ids) {
        cards.put(Estate.key(machine.id()), List.of(ids));
    }

    void describe(Machine machine, ObjectNode properties) {
        List<String> ids = cards.getOrDefault(Estate.key(machine.id()), List.of());
        if (!ids.isEmpty()) {
            ArrayNode all = properties.putObject("networkProfile").putArray("networkInterfaces");
            ids.forEach(id -> all.addObject().put("id", id));
        }
    }

    /// As roles name it.
    ///
    /// @param types of the path, e.g. `networkwatchers`, `flowlogs`
    static String action(List<String> types) {
        return "Microsoft.Network/%s/read"
                .formatted(
                        switch (String.join("/", types).toLowerCase(Locale.ROOT)) {
                            case "networkinterfaces" -> "networkInterfaces";
                            case "publicipaddresses" -> "publicIPAddresses";
                            case "virtualnetworks/subnets" -> "virtualNetworks/subnets";
                            case "networkwatchers" -> "networkWatchers";
                            case "networkwatchers/flowlogs" -> "networkWatchers/flowLogs";
                            default -> "other";
                        });
    }

    /// @param path of a resource, or of all of a type below one or in a subscription
    /// @param isList whether its last part is a type
    Response answer(String path, boolean isList) {
        if (!isList) {
            return Optional.ofNullable(resources.get(Estate.key(path)))
                    .map(found -> Response.json(200, found))
                    .orElseThrow(() -> Refusal.notFound(path));
        }
        String[] parts = Estate.key(path).split("/", -1);
        String type = parts[parts.length - 1];
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode value = answer.putArray("value");
        resources.forEach((id, resource) -> {
            if (isOf(id, Estate.key(path), "/subscriptions/" + parts[2] + "/", type)) {
                value.add((JsonNode) resource);
            }
        });
        return Response.json(200, answer);
    }

    private static boolean isOf(String id, String path, String subscription, String type) {
        boolean isBelow = id.startsWith(path + "/");
        boolean isInSubscription = path.startsWith(subscription + "providers/") && id.startsWith(subscription);
        return (isBelow || isInSubscription) && id.matches(".*/" + type + "/[^/]+");
    }
}
