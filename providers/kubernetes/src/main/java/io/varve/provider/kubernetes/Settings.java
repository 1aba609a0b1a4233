package io.varve.provider.kubernetes;

import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What an integration with a cluster is set to.
///
/// @param cluster what alerts call this cluster; absent means alerts of any cluster are taken to be about it
/// @param namespaces none means every namespace the token reaches
/// @param image image of ephemeral containers; absent means none is ever added
/// @param logBytes most bytes of one container's log
/// @param partSize bytes of one part of a collection in a container
/// @param silence after how long without a byte a part that is on its way is asked for again
/// @param ephemeralFor how long an ephemeral container stays at most
record Settings(
        Access access,
        Optional<String> cluster,
        Set<String> namespaces,
        Optional<String> image,
        boolean mayTrace,
        Optional<String> workFolder,
        long logBytes,
        long partSize,
        Duration poll,
        Duration silence,
        Duration ephemeralFor) {

    static Settings of(Connection connection) throws ProviderException {
        return new Settings(
                Access.of(connection),
                connection.setting("cluster").map(String::strip),
                Set.copyOf(list(connection.setting("namespaces").orElse(""))),
                connection.setting("collector_image").map(String::strip),
                connection.on("collector_ptrace", true),
                workFolder(connection),
                connection.number("log_megabytes", 256, 1, 4_096) << 20,
                connection.number("part_kilobytes", 1_024, 128, 16_384) << 10,
                Duration.ofSeconds(connection.number("poll_seconds", 2, 1, 60)),
                Duration.ofSeconds(connection.number("silence_seconds", 30, 2, 600)),
                Duration.ofMinutes(connection.number("ephemeral_minutes", 60, 5, 1_440)));
    }

    private static Optional<String> workFolder(Connection connection) throws ProviderException {
        Optional<String> folder = connection.setting("work_folder").map(String::strip);
        if (folder.isPresent() && !folder.get().matches("/[A-Za-z0-9_./-]{1,200}")) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "integration %s: work_folder is not a plain absolute path".formatted(connection.name()));
        }
        return folder;
    }

    static List<String> list(String text) {
        return Stream.of(text.split("[\\s,]+", -1))
                .filter(item -> !item.isEmpty())
                .distinct()
                .toList();
    }

    /// @throws ProviderException when the integration leaves this namespace out
    void expectAllowed(String namespace) throws ProviderException {
        if (!namespaces.isEmpty() && !namespaces.contains(namespace)) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "the integration captures in %s only, not in namespace %s"
                            .formatted(
                                    String.join(
                                            ", ", namespaces.stream().sorted().toList()),
                                    namespace));
        }
    }
}
