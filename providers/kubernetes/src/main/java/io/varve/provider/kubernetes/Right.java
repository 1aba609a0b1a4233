package io.varve.provider.kubernetes;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What Varve needs to be allowed in a cluster, and for what. Policies and checks are made from this list.
///
/// @param group empty for the core group
/// @param resource with its subresource, e.g. `pods/log`
/// @param isOfCluster whether it belongs to no namespace
record Right(String group, String resource, List<String> verbs, String purpose, boolean isOfCluster) {
    static final List<Right> CAPTURE = List.of(
            core("pods", "finding the pod and its state", "get", "list"),
            core("pods/log", "what its containers wrote", "get"),
            core("pods/exec", "collecting in its containers", "get", "create"),
            core("events", "what the cluster noted about the pod", "list"),
            new Right("apps", "replicasets", List.of("get"), "what the pod belongs to", false),
            new Right("apps", "deployments", List.of("get"), "what the pod belongs to", false),
            new Right("apps", "statefulsets", List.of("get"), "what the pod belongs to", false),
            new Right("apps", "daemonsets", List.of("get"), "what the pod belongs to", false),
            new Right("batch", "jobs", List.of("get"), "what the pod belongs to", false),
            new Right("batch", "cronjobs", List.of("get"), "what the pod belongs to", false));

    static final List<Right> NODE =
            List.of(new Right("", "nodes", List.of("get"), "which machine of the cloud the node is", true));

    /// Only where an image for ephemeral containers is set.
    static final List<Right> EPHEMERAL =
            List.of(core("pods/ephemeralcontainers", "containers that have no shell", "patch"));

    /// Varve never does these: a role that may is broader than it has to be.
    static final List<Right> NEVER = List.of(
            core("secrets", "", "get", "list"),
            core("pods", "", "create", "delete", "patch", "update"),
            core("pods/eviction", "", "create"),
            core("serviceaccounts/token", "", "create"),
            new Right("", "nodes", List.of("delete", "patch", "update"), "", true),
            new Right("apps", "deployments", List.of("create", "delete", "patch", "update"), "", false),
            new Right("networking.k8s.io", "networkpolicies", List.of("create", "delete", "patch"), "", false),
            new Right("rbac.authorization.k8s.io", "clusterrolebindings", List.of("create"), "", true));

    private static Right core(String resource, String purpose, String... verbs) {
        return new Right("", resource, List.of(verbs), purpose, false);
    }

    static List<Right> needed(Settings settings) {
        return Stream.of(CAPTURE, NODE, settings.image().isPresent() ? EPHEMERAL : List.<Right>of())
                .flatMap(List::stream)
                .toList();
    }

    String plain() {
        int slash = resource.indexOf('/');
        return slash < 0 ? resource : resource.substring(0, slash);
    }

    String subresource() {
        int slash = resource.indexOf('/');
        return slash < 0 ? "" : resource.substring(slash + 1);
    }

    String text(String verb) {
        return verb + " " + (group.isEmpty() ? "" : group + "/") + resource;
    }

    String quotedVerbs() {
        return verbs.stream().map(verb -> "\"" + verb + "\"").collect(Collectors.joining(", ", "[", "]"));
    }
}
