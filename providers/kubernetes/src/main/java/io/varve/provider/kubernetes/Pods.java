package io.varve.provider.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Finds the pod a capture is asked for.
final class Pods {
    private static final JsonMapper JSON = new JsonMapper();

    private final Cluster cluster;

    Pods(Cluster cluster) {
        this.cluster = cluster;
    }

    Found find(String target, Instant now) throws ProviderException, InterruptedException {
        PodName name = PodName.of(target);
        name.expectIn(cluster.settings());
        JsonNode pod = name.namespace().isPresent() ? named(name.namespace().get(), name.pod()) : withUid(name.pod());
        String called = name.cluster().or(() -> cluster.settings().cluster()).orElse("");
        return Found.of(called, caller(), now, pod);
    }

    private JsonNode named(String namespace, String pod) throws ProviderException, InterruptedException {
        cluster.settings().expectAllowed(namespace);
        return cluster.get(
                "finding pod %s/%s".formatted(namespace, pod),
                "/api/v1/namespaces/%s/pods/%s".formatted(namespace, pod));
    }

    private JsonNode withUid(String uid) throws ProviderException, InterruptedException {
        List<String> lists = cluster.settings().namespaces().isEmpty()
                ? List.of("/api/v1/pods")
                : cluster.settings().namespaces().stream()
                        .sorted()
                        .map("/api/v1/namespaces/%s/pods"::formatted)
                        .toList();
        for (String list : lists) {
            Optional<JsonNode> found = cluster.list("finding the pod with uid " + uid, list).stream()
                    .filter(pod -> pod.path("metadata").path("uid").asText("").equals(uid))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new ProviderException(Kind.NOT_FOUND, "the cluster has no pod with uid " + uid);
    }

    /// Whom the server takes us for.
    String caller() throws ProviderException, InterruptedException {
        JsonNode review = JSON.createObjectNode()
                .put("apiVersion", "authentication.k8s.io/v1")
                .put("kind", "SelfSubjectReview");
        try {
            return Errors.plain(cluster.post("signing in", "/apis/authentication.k8s.io/v1/selfsubjectreviews", review)
                    .path("status")
                    .path("userInfo")
                    .path("username")
                    .asText("unknown"));
        } catch (ProviderException e) {
            if (e.kind() == Kind.NOT_FOUND || e.kind() == Kind.FORBIDDEN) {
                // before Kubernetes 1.28
                return "unknown";
            }
            throw e;
        }
    }

    /// The pod as it is now.
    ///
    /// @throws ProviderException NOT_FOUND when it is gone, also when another has its name now
    JsonNode now(Found pod) throws ProviderException, InterruptedException {
        JsonNode now = cluster.get("looking at pod " + pod.text(), pod.path());
        String uid = now.path("metadata").path("uid").asText("");
        if (!uid.equals(pod.uid())) {
            throw new ProviderException(
                    Kind.NOT_FOUND, "pod %s is gone; another of that name is there now".formatted(pod.text()));
        }
        return now;
    }
}
