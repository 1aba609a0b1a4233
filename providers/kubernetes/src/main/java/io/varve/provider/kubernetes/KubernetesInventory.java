package io.varve.provider.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.Connection;
import io.varve.provider.Inventory;
import io.varve.provider.Listed;
import io.varve.provider.ProviderException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Pods of every namespace that the integration covers. Those that ended are among them: what they wrote may still be
/// there.
final class KubernetesInventory implements Inventory {
    @Override
    public void list(Connection connection, Listing listing) throws ProviderException, InterruptedException {
        var listed = new Listed(listing);
        try (Cluster cluster = Cluster.of(connection)) {
            List<String> namespaces =
                    cluster.settings().namespaces().stream().sorted().toList();
            for (String namespace : namespaces.isEmpty() ? List.of("") : namespaces) {
                try {
                    pods(cluster, namespace, listed);
                } catch (ProviderException e) {
                    listed.refused(place(cluster.settings(), namespace), e);
                }
            }
        }
        listed.expectAnswer();
    }

    /// As people know it: by the name of the integration's cluster, or by its server.
    private static String called(Settings settings) {
        return settings.cluster()
                .or(() -> Optional.ofNullable(settings.access().server().getHost()))
                .orElse("");
    }

    /// What the places of a namespace's pods begin with; of all namespaces, the cluster.
    private static String place(Settings settings, String namespace) {
        return namespace.isEmpty() ? called(settings) : "%s / %s".formatted(called(settings), namespace);
    }

    /// @param namespace empty for all of them at once
    private static void pods(Cluster cluster, String namespace, Listed listed)
            throws ProviderException, InterruptedException {
        if (listed.isFull()) {
            return;
        }
        String what = "listing the pods of " + (namespace.isEmpty() ? "all namespaces" : "namespace " + namespace);
        String path = namespace.isEmpty() ? "/api/v1/pods" : "/api/v1/namespaces/%s/pods".formatted(namespace);
        cluster.each(what, path, pod -> {
            listed.found(found(cluster.settings(), pod));
            return !listed.isFull();
        });
        listed.answered();
    }

    private static Found found(Settings settings, JsonNode pod) {
        JsonNode metadata = pod.path("metadata");
        String namespace = metadata.path("namespace").asText("");
        String name = metadata.path("name").asText("");
        return new Found(
                id(settings, namespace, name),
                "%s/%s".formatted(namespace, name),
                hostName(pod.path("spec"), name),
                "Pod",
                place(settings, namespace),
                Optional.of(platform(pod.path("spec"))),
                pod.path("status").path("phase").asText("Unknown"),
                time(pod.path("status").path("startTime")).or(() -> time(metadata.path("creationTimestamp"))),
                labels(metadata.path("labels")),
                ephemeral(metadata));
    }

    /// As alerts name it: with its cluster where that is a name that [PodName] reads.
    private static String id(Settings settings, String namespace, String name) {
        String cluster = settings.cluster()
                .filter(PodName::isCluster)
                .map(known -> known + "/")
                .orElse("");
        return "pod:%s%s/%s".formatted(cluster, namespace, name).toLowerCase(Locale.ROOT);
    }

    /// In the network of its node a pod has the node's name.
    private static Optional<String> hostName(JsonNode spec, String name) {
        return spec.path("hostNetwork").asBoolean(false)
                ? Optional.empty()
                : Optional.of(spec.path("hostname").asText(name));
    }

    private static String platform(JsonNode spec) {
        boolean isWindows = spec.path("os").path("name").asText("").equals("windows")
                || spec.path("nodeSelector").path("kubernetes.io/os").asText("").equals("windows");
        return isWindows ? "windows" : "linux";
    }

    private static Optional<Instant> time(JsonNode text) {
        try {
            return text.isTextual() ? Optional.of(Instant.parse(text.asText())) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> labels(JsonNode labels) {
        var tags = new LinkedHashMap<String, String>();
        labels.properties()
                .forEach(label -> tags.put(label.getKey(), label.getValue().asText("")));
        return tags;
    }

    private static Optional<String> ephemeral(JsonNode metadata) {
        if (metadata.has("deletionTimestamp")) {
            return Optional.of("it is being deleted");
        }
        for (JsonNode owner : metadata.path("ownerReferences")) {
            String kind = owner.path("kind").asText("");
            // a static pod is its node's own
            if (owner.path("controller").asBoolean(false) && !kind.equals("Node")) {
                return Optional.of("its controller %s %s may replace it at any time"
                        .formatted(kind, owner.path("name").asText("")));
            }
        }
        return Optional.empty();
    }
}
