package io.varve.emulator.kubernetes;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A pod as the API server keeps it.
public final class Pod {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant STARTED = Instant.now().minusSeconds(7200);

    private final String namespace;
    private final String name;
    private final String uid = UUID.randomUUID().toString();
    private final String node;
    private final List<Container> containers = new CopyOnWriteArrayList<>();
    private final List<ObjectNode> ephemeral = new CopyOnWriteArrayList<>();
    private final Map<String, String> labels = new ConcurrentSkipListMap<>();
    private volatile Optional<Owner> controller;
    private volatile String phase = "Running";
    private volatile boolean isWindows;

    private record Owner(String kind, String name) {}

    Pod(String namespace, String name, String node, List<Container> containers) {
        this.namespace = namespace;
        this.name = name;
        this.node = node;
        this.containers.addAll(containers);
        this.controller = Optional.of(new Owner("ReplicaSet", owner()));
    }

    public Pod label(String key, String value) {
        labels.put(key, value);
        return this;
    }

    /// What made it, e.g. a `Job`; at first that is a ReplicaSet.
    public Pod owned(String kind, String by) {
        controller = Optional.of(new Owner(kind, by));
        return this;
    }

    /// It was made by hand.
    public Pod unowned() {
        controller = Optional.empty();
        return this;
    }

    /// E.g. `Succeeded`; at first it is running.
    public Pod phase(String now) {
        phase = now;
        return this;
    }

    /// Its node must run Windows.
    public Pod windows() {
        isWindows = true;
        return this;
    }

    public String namespace() {
        return namespace;
    }

    public String name() {
        return name;
    }

    public String uid() {
        return uid;
    }

    public String node() {
        return node;
    }

    /// Names of the ephemeral containers that were added.
    public List<String> ephemeralContainers() {
        return ephemeral.stream().map(spec -> spec.path("name").asText()).toList();
    }

    List<Container> containers() {
        return containers;
    }

    Optional<Container> container(String wanted) {
        return containers.stream()
                .filter(container -> container.name().equals(wanted))
                .findFirst();
    }

    /// Adds an ephemeral container: it runs where its target runs.
    void debug(ObjectNode spec) {
        String target = spec.path("targetContainerName").asText();
        Container beside = container(target)
                .orElseThrow(() -> Refused.invalid(
                        "Pod \"%s\" is invalid: spec.ephemeralContainers[0].targetContainerName: Not found: \"%s\""
                                .formatted(name, target)));
        ephemeral.add(spec);
        containers.add(new Container(
                spec.path("name").asText(),
                "ephemeral",
                spec.path("image").asText(),
                beside.device(),
                true,
                List.of(),
                List.of()));
    }

    ObjectNode json(long version) {
        ObjectNode pod = JSON.createObjectNode().put("kind", "Pod").put("apiVersion", "v1");
        ObjectNode metadata = pod.putObject("metadata")
                .put("name", name)
                .put("namespace", namespace)
                .put("uid", uid)
                .put("resourceVersion", Long.toString(version))
                .put("creationTimestamp", text(STARTED));
        if (!labels.isEmpty()) {
            labels.forEach(metadata.putObject("labels")::put);
        }
        controller.ifPresent(by -> metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "apps/v1")
                .put("kind", by.kind())
                .put("name", by.name())
                .put(
                        "uid",
                        UUID.nameUUIDFromBytes(by.name().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                                .toString())
                .put("controller", true));
        spec(pod.putObject("spec"));
        status(pod.putObject("status"));
        return pod;
    }

    String owner() {
        int dash = name.lastIndexOf('-');
        return dash < 0 ? name : name.substring(0, dash);
    }

    private void spec(ObjectNode spec) {
        spec.put("nodeName", node).put("serviceAccountName", "checkout");
        if (isWindows) {
            spec.putObject("nodeSelector").put("kubernetes.io/os", "windows");
        }
        ArrayNode volumes = spec.putArray("volumes");
        volumes.addObject().put("name", "tls").putObject("secret").put("secretName", "shop-tls");
        volumes.addObject().put("name", "settings").putObject("configMap").put("name", "shop-settings");
        for (Container container : containers) {
            String list = switch (container.kind()) {
                case "init" -> "initContainers";
                case "ephemeral" -> "ephemeralContainers";
                default -> "containers";
            };
            if (container.kind().equals("ephemeral")) {
                continue;
            }
            ObjectNode one = spec.withArray(list)
                    .addObject()
                    .put("name", container.name())
                    .put("image", container.image());
            ArrayNode env = one.putArray("env");
            env.addObject().put("name", "SHOP_REGION").put("value", "eu");
            env.addObject()
                    .put("name", "DB_PASSWORD")
                    .putObject("valueFrom")
                    .putObject("secretKeyRef")
                    .put("name", "shop-db")
                    .put("key", "password");
        }
        ephemeral.forEach(one -> spec.withArray("ephemeralContainers").add(one));
    }

    private void status(ObjectNode status) {
        status.put("phase", phase).put("podIP", "10.1.2.3").put("startTime", text(STARTED));
        for (Container container : containers) {
            String list = switch (container.kind()) {
                case "init" -> "initContainerStatuses";
                case "ephemeral" -> "ephemeralContainerStatuses";
                default -> "containerStatuses";
            };
            ObjectNode one = status.withArray(list)
                    .addObject()
                    .put("name", container.name())
                    .put("image", container.image())
                    .put("imageID", container.image() + "@sha256:" + "0".repeat(64))
                    .put("containerID", "containerd://" + id(container))
                    .put("restartCount", container.previous().isEmpty() ? 0 : 1);
            ObjectNode state = one.putObject("state");
            if (container.isRunning()) {
                state.putObject("running").put("startedAt", text(STARTED.plusSeconds(5)));
            } else {
                terminated(state, STARTED, 0, "Completed");
            }
            if (!container.previous().isEmpty()) {
                terminated(one.putObject("lastState"), STARTED, 137, "OOMKilled");
            }
        }
    }

    private static void terminated(ObjectNode state, Instant at, int exit, String reason) {
        state.putObject("terminated")
                .put("exitCode", exit)
                .put("reason", reason)
                .put("startedAt", text(at))
                .put("finishedAt", text(at.plusSeconds(4)));
    }

    private static String id(Container container) {
        return ("%08x".formatted(container.name().hashCode())).repeat(8);
    }

    private static String text(Instant at) {
        return at.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
    }
}
