package io.varve.provider.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.archive.AssembledArchive;
import io.varve.provider.collector.archive.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What the API server knows of a pod: the first part of its archive, below `varve/kubernetes/`.
///
/// Objects are kept as the server sent them. Of Secrets and ConfigMaps the names are noted, they are never asked for.
final class PodState {
    static final String LABEL = "state";

    private static final JsonMapper JSON = new JsonMapper();
    private static final String FOLDER = "varve/kubernetes/";
    private static final int MOST_OWNERS = 5;

    /// Where kinds of owner are asked for.
    private static final Map<String, String> OWNERS = Map.of(
            "ReplicaSet", "/apis/apps/v1/namespaces/%s/replicasets/%s",
            "Deployment", "/apis/apps/v1/namespaces/%s/deployments/%s",
            "StatefulSet", "/apis/apps/v1/namespaces/%s/statefulsets/%s",
            "DaemonSet", "/apis/apps/v1/namespaces/%s/daemonsets/%s",
            "Job", "/apis/batch/v1/namespaces/%s/jobs/%s",
            "CronJob", "/apis/batch/v1/namespaces/%s/cronjobs/%s");

    private final CaptureContext context;
    private final Cluster cluster;
    private final Found pod;

    PodState(CaptureContext context, Cluster cluster, Found pod) {
        this.context = context;
        this.cluster = cluster;
        this.pod = pod;
    }

    void collect(AssembledArchive archive) throws ProviderException, InterruptedException, IOException {
        try (AssembledArchive.Part part = archive.begin()) {
            part.json("varve/capture.json", statement());
            JsonNode spec = pod(part);
            part.json(FOLDER + "references.json", References.of(spec));
            part.member(FOLDER + "containers.jsonl", lines(ContainerStates.of(pod, spec)));
            events(part);
            owners(part, spec);
            node(part);
            part.store(LABEL);
        }
    }

    private Map<String, Object> statement() {
        var host = new LinkedHashMap<String, Object>();
        host.put("name", pod.name());
        host.put("os", "linux");
        var where = new LinkedHashMap<String, Object>();
        where.put("cluster", pod.cluster());
        where.put("namespace", pod.namespace());
        where.put("pod", pod.name());
        where.put("uid", pod.uid());
        where.put("node", pod.node());
        var capture = new LinkedHashMap<String, Object>();
        capture.put("schema", "varve.capture/1");
        capture.put("capture", context.capture());
        capture.put("profile", context.profile());
        capture.put("host", host);
        capture.put("kubernetes", where);
        capture.put("started", pod.at());
        return capture;
    }

    private JsonNode pod(AssembledArchive.Part part) throws ProviderException, InterruptedException, IOException {
        byte[] raw = cluster.bytes("reading pod " + pod.text(), pod.path());
        JsonNode now = JSON.readTree(raw);
        if (!now.path("metadata").path("uid").asText("").equals(pod.uid())) {
            throw new ProviderException(Kind.NOT_FOUND, "pod %s is gone; another has its name".formatted(pod.text()));
        }
        keep(part, FOLDER + "pod.json", "KubernetesPod", raw);
        return now;
    }

    private void events(AssembledArchive.Part part) throws ProviderException, InterruptedException, IOException {
        String name = FOLDER + "events.jsonl";
        try {
            List<JsonNode> events = cluster.list(
                    "listing events of namespace " + pod.namespace(),
                    "/api/v1/namespaces/%s/events".formatted(pod.namespace()));
            keep(part, name, "KubernetesEvents", lines(events));
        } catch (ProviderException e) {
            part.outcome(failed(name, "KubernetesEvents", e));
        }
    }

    private void owners(AssembledArchive.Part part, JsonNode of)
            throws ProviderException, InterruptedException, IOException {
        JsonNode below = of;
        for (int i = 0; i < MOST_OWNERS; i++) {
            Optional<JsonNode> reference = controller(below);
            if (reference.isEmpty()) {
                return;
            }
            String kind = Errors.plain(reference.get().path("kind").asText(""));
            String owner = Errors.plain(reference.get().path("name").asText(""));
            String name = "%sowners/%s-%s.json".formatted(FOLDER, kind.toLowerCase(Locale.ROOT), owner);
            String path = OWNERS.get(kind);
            if (path == null || !owner.matches("[a-z0-9.-]{1,253}") || !kind.matches("[A-Za-z]+")) {
                part.outcome(Outcome.missing(
                        FOLDER + "owners", "KubernetesOwner", "owners of kind %s are not read".formatted(kind)));
                return;
            }
            try {
                byte[] raw = cluster.bytes("reading " + kind + " " + owner, path.formatted(pod.namespace(), owner));
                keep(part, name, "KubernetesOwner", raw);
                below = JSON.readTree(raw);
            } catch (ProviderException e) {
                part.outcome(failed(name, "KubernetesOwner", e));
                return;
            }
        }
    }

    private static Optional<JsonNode> controller(JsonNode object) {
        for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
            if (reference.path("controller").asBoolean(false)) {
                return Optional.of(reference);
            }
        }
        return Optional.empty();
    }

    private void node(AssembledArchive.Part part) throws ProviderException, InterruptedException, IOException {
        if (pod.node().isEmpty()) {
            return;
        }
        String name = FOLDER + "node.json";
        try {
            byte[] raw = cluster.bytes("reading node " + pod.node(), "/api/v1/nodes/" + pod.node());
            keep(part, name, "KubernetesNode", raw);
            JsonNode node = JSON.readTree(raw);
            Optional<NodeInstance> instance =
                    NodeInstance.of(node.path("spec").path("providerID").asText(""));
            if (instance.isPresent() && context.step("node").isEmpty()) {
                context.custody(
                        "node.instance",
                        "the pod's node %s is %s; %s"
                                .formatted(
                                        pod.node(),
                                        instance.get().text(),
                                        instance.get().next()),
                        instance.get().lineage().caller(pod.caller()));
                context.completed(
                        "node", instance.get().text() + "; " + instance.get().next());
            }
        } catch (ProviderException e) {
            part.outcome(failed(name, "KubernetesNode", e));
        }
    }

    private static void keep(AssembledArchive.Part part, String name, String artifact, byte[] raw) throws IOException {
        String sha256 = part.member(name, raw).hex();
        part.outcome(raw.length == 0 ? Outcome.empty(name, artifact) : Outcome.collected(name, artifact, sha256));
    }

    /// What is refused is noted and the rest goes on; what may work later ends this attempt.
    private static Outcome failed(String name, String artifact, ProviderException e) throws ProviderException {
        return switch (e.kind()) {
            case FORBIDDEN, NOT_FOUND, REFUSED -> Outcome.failed(name, artifact, e.reason());
            case OFFLINE, THROTTLED, FAILED, CANCELLED -> throw e;
        };
    }

    private static byte[] lines(List<? extends JsonNode> objects) {
        var lines = new StringBuilder();
        objects.forEach(object -> lines.append(object).append('\n'));
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Names of what the pod is given: its service account, Secrets, ConfigMaps, and of each container the names of its
    /// environment variables.
    private static final class References {
        private final Set<String> secrets = new TreeSet<>();
        private final Set<String> configMaps = new TreeSet<>();

        static ObjectNode of(JsonNode pod) {
            return new References().read(pod.path("spec"));
        }

        private ObjectNode read(JsonNode spec) {
            ObjectNode all = JSON.createObjectNode()
                    .put("service_account", spec.path("serviceAccountName").asText(""));
            ObjectNode environment = JSON.createObjectNode();
            for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
                for (JsonNode container : spec.path(list)) {
                    container
                            .path("env")
                            .forEach(variable -> environment
                                    .withArray(container.path("name").asText(""))
                                    .add(variable.path("name").asText("")));
                    container.path("env").forEach(variable -> {
                        add(
                                secrets,
                                variable.path("valueFrom").path("secretKeyRef").path("name"));
                        add(
                                configMaps,
                                variable.path("valueFrom")
                                        .path("configMapKeyRef")
                                        .path("name"));
                    });
                    container.path("envFrom").forEach(from -> {
                        add(secrets, from.path("secretRef").path("name"));
                        add(configMaps, from.path("configMapRef").path("name"));
                    });
                }
            }
            spec.path("imagePullSecrets").forEach(secret -> add(secrets, secret.path("name")));
            ObjectNode paths = JSON.createObjectNode();
            for (JsonNode volume : spec.path("volumes")) {
                volume(volume);
                volume.path("projected").path("sources").forEach(source -> {
                    add(secrets, source.path("secret").path("name"));
                    add(configMaps, source.path("configMap").path("name"));
                });
                String path = volume.path("hostPath").path("path").asText("");
                if (!path.isEmpty()) {
                    paths.put(volume.path("name").asText(""), path);
                }
            }
            secrets.forEach(all.withArray("secrets")::add);
            configMaps.forEach(all.withArray("config_maps")::add);
            all.set("environment", environment);
            all.set("host_paths", paths);
            return all;
        }

        private void volume(JsonNode volume) {
            add(secrets, volume.path("secret").path("secretName"));
            add(configMaps, volume.path("configMap").path("name"));
        }

        private static void add(Set<String> names, JsonNode name) {
            if (!name.asText("").isEmpty()) {
                names.add(name.asText());
            }
        }
    }
}
