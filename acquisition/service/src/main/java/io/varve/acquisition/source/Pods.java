package io.varve.acquisition.source;

import java.util.Optional;
import java.util.regex.Pattern;

/// A pod of a Kubernetes cluster as the host an alert is about: its instance id is `pod:[CLUSTER/]NAMESPACE/POD`, its
/// host name the pod's name, which it is inside.
final class Pods {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
    private static final Pattern CLUSTER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");

    private Pods() {}

    /// @param workload with `name`, `namespace` and `type`, as GuardDuty has it
    /// @return empty when it is no pod, e.g. a deployment
    static Optional<HostDraft> named(Optional<String> cluster, Fields workload) {
        boolean isPod = workload.name("type")
                .map(type -> type.equalsIgnoreCase("pods") || type.equalsIgnoreCase("pod"))
                .orElse(false);
        Optional<String> namespace = workload.name("namespace").filter(Pods::isName);
        Optional<String> name = workload.name("name").filter(Pods::isName);
        if (!isPod || namespace.isEmpty() || name.isEmpty()) {
            return Optional.empty();
        }
        String where = cluster.filter(text -> CLUSTER.matcher(text).matches())
                .map(text -> text + "/")
                .orElse("");
        return Optional.of(new HostDraft()
                .instance(Optional.of("pod:%s%s/%s".formatted(where, namespace.get(), name.get())))
                .name(name));
    }

    private static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }
}
