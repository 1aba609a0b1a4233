package io.varve.provider.aws;

import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What an integration with AWS is set to.
///
/// @param roles ARNs of the roles to assume, one for each account; none means the account of the credentials
/// @param through a role that is assumed first, from which the others are
/// @param regions none means every region that is enabled
/// @param keys access key id and secret; absent means what the worker's machine has
/// @param endpoint one address for all services instead of AWS's own, e.g. for private endpoints
/// @param copyRole role in a forensic account the snapshots are copied to; absent means they are read where they are
/// @param copyKey KMS key the copies are encrypted with
/// @param shareKey KMS key of the source account that snapshots are encrypted with which cannot be shared otherwise
/// @param relay bucket that files of a triage over SSM pass through; absent means there is no such triage
/// @param logs how far back logs are asked for
/// @param objects whether buckets are listed, to be captured
/// @param flowObjects whether flow logs that go to a bucket are read
/// @param functions whether functions of Lambda are listed, to be captured
/// @param containers whether containers of ECS tasks are listed, to be captured
record Settings(
        List<String> roles,
        Optional<String> through,
        Optional<String> externalId,
        List<String> regions,
        Optional<Keys> keys,
        Optional<URI> endpoint,
        Optional<String> copyRole,
        Optional<String> copyKey,
        Optional<String> shareKey,
        Optional<Bucket> relay,
        int readers,
        int blocksPerSecond,
        Duration poll,
        Duration logs,
        boolean objects,
        boolean functions,
        boolean flowObjects,
        boolean containers) {
    record Keys(String id, String secret) {}

    /// @param region absent means that of the instance
    record Bucket(String name, Optional<String> region) {}

    static Settings of(Connection connection) throws ProviderException {
        Optional<String> key = connection.setting("access_key_id");
        return new Settings(
                list(connection, "roles"),
                connection.setting("through_role"),
                connection.setting("external_id"),
                list(connection, "regions"),
                key.isPresent()
                        ? Optional.of(new Keys(
                                key.get().strip(),
                                connection.secret("secret_access_key").strip()))
                        : Optional.empty(),
                connection.address("endpoint"),
                connection.setting("copy_role"),
                connection.setting("copy_key"),
                connection.setting("share_key"),
                connection
                        .setting("relay_bucket")
                        .map(name -> new Bucket(name.strip(), connection.setting("relay_region"))),
                (int) connection.number("readers", 48, 1, 512),
                (int) connection.number("blocks_per_second", 900, 1, 10_000),
                Duration.ofMillis((long) (1000 * seconds(connection))),
                Duration.ofDays(connection.number("log_days", 14, 1, 90)),
                connection.on("objects", false),
                connection.on("functions", false),
                connection.on("flow_objects", false),
                connection.on("containers", false));
    }

    private static double seconds(Connection connection) throws ProviderException {
        return connection.number("poll_seconds", 15, 1, 600);
    }

    private static List<String> list(Connection connection, String name) {
        return Stream.of(connection.setting(name).orElse("").split("[\\s,]+", -1))
                .filter(item -> !item.isEmpty())
                .distinct()
                .toList();
    }
}
