package io.varve.emulator.kubernetes;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// What the server says it has, as `kubectl` asks first.
final class Discovery {
    private static final JsonMapper JSON = new JsonMapper();

    private Discovery() {}

    static ObjectNode versions() {
        ObjectNode versions = JSON.createObjectNode().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs");
        return versions;
    }

    static ObjectNode groups() {
        ObjectNode groups = JSON.createObjectNode().put("kind", "APIGroupList").put("apiVersion", "v1");
        groups.putArray("groups");
        return groups;
    }

    static ObjectNode core() {
        ObjectNode core = JSON.createObjectNode().put("kind", "APIResourceList").put("groupVersion", "v1");
        ArrayNode resources = core.putArray("resources");
        resource(resources, "pods", "pod", "Pod", true, "get", "list");
        resource(resources, "pods/log", "", "Pod", true, "get");
        resource(resources, "pods/exec", "", "PodExecOptions", true, "create", "get");
        resource(resources, "pods/ephemeralcontainers", "", "Pod", true, "get", "patch");
        resource(resources, "events", "event", "Event", true, "list");
        resource(resources, "nodes", "node", "Node", false, "get");
        return core;
    }

    private static void resource(
            ArrayNode resources, String name, String single, String kind, boolean namespaced, String... verbs) {
        ObjectNode one = resources
                .addObject()
                .put("name", name)
                .put("singularName", single)
                .put("namespaced", namespaced)
                .put("kind", kind);
        ArrayNode list = one.putArray("verbs");
        for (String verb : verbs) {
            list.add(verb);
        }
    }
}
