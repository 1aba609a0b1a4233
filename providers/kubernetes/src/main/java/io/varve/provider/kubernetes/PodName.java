package io.varve.provider.kubernetes;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a capture is asked for: `[CLUSTER/]NAMESPACE/POD`, or a pod's uid; with `:CONTAINER` behind it, that container
/// alone is looked into.
///
/// @param pod name, or uid when there is no namespace
record PodName(Optional<String> cluster, Optional<String> namespace, String pod, Optional<String> container) {
    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    private static final String CLUSTER = "[A-Za-z0-9][A-Za-z0-9_.-]{0,99}";
    private static final Pattern NAME = Pattern.compile(
            "(?:(%2$s)/)?(%1$s)/([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::(%1$s))?".formatted(LABEL, CLUSTER));
    private static final Pattern UID =
            Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?::(%s))?".formatted(LABEL));

    static PodName of(String target) throws ProviderException {
        Matcher name = NAME.matcher(target);
        if (name.matches()) {
            return new PodName(
                    Optional.ofNullable(name.group(1)),
                    Optional.of(name.group(2)),
                    name.group(3),
                    Optional.ofNullable(name.group(4)));
        }
        Matcher uid = UID.matcher(target);
        if (uid.matches()) {
            return new PodName(Optional.empty(), Optional.empty(), uid.group(1), Optional.ofNullable(uid.group(2)));
        }
        throw new ProviderException(Kind.NOT_FOUND, "neither NAMESPACE/POD nor a pod's uid: " + Errors.plain(target));
    }

    /// Whether a cluster of this name can stand in front of a pod's.
    static boolean isCluster(String name) {
        return name.matches(CLUSTER);
    }

    /// Another cluster's pod of the same name is another pod.
    void expectIn(Settings settings) throws ProviderException {
        if (cluster.isPresent()
                && settings.cluster().isPresent()
                && !cluster.get().equalsIgnoreCase(settings.cluster().get())) {
            throw new ProviderException(
                    Kind.NOT_FOUND,
                    "the pod is in cluster %s, the integration is for %s"
                            .formatted(cluster.get(), settings.cluster().get()));
        }
    }
}
