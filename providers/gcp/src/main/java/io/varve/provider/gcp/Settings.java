package io.varve.provider.gcp;

import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What an integration with Google Cloud is set to.
///
/// @param key of a service account, as JSON; absent means what the worker's machine has
/// @param projects whose instances may be captured
/// @param zones none means every zone
/// @param forensic project that images are made and exported in
/// @param bucket where exports are put until they are copied
/// @param region of Cloud Build; `global` is one, too
/// @param exportZone where the exporter's machine runs; absent means a zone of the bucket's location
/// @param buildAccount email of the service account that exports; absent means Cloud Build's own default
/// @param computeAccount email of the service account of the exporter's machine
/// @param imageKey Cloud KMS key that images are encrypted with; absent means Google's own
/// @param locations where snapshots may be stored; none means the bucket's continent, as Google chooses
/// @param logTime how far back logs are captured
/// @param objects whether buckets are listed, to be captured
/// @param endpoint one address for all services instead of Google's own
record Settings(
        Optional<String> key,
        List<String> projects,
        List<String> zones,
        String forensic,
        String bucket,
        String region,
        Optional<String> exportZone,
        Optional<String> network,
        Optional<String> subnet,
        Optional<String> buildAccount,
        Optional<String> computeAccount,
        Optional<String> imageKey,
        List<String> locations,
        String exporter,
        Duration exportTimeout,
        Duration logTime,
        boolean objects,
        Optional<URI> endpoint,
        Duration poll) {
    private static final String EXPORTER = "gcr.io/compute-image-tools/gce_vm_image_export:release";
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    static Settings of(Connection connection) throws ProviderException {
        List<String> projects = list(connection, "projects");
        if (projects.isEmpty()) {
            throw new ProviderException(
                    Kind.REFUSED, "integration %s: projects is not set".formatted(connection.name()));
        }
        return new Settings(
                Optional.ofNullable(connection.secrets().get("service_account_key"))
                        .filter(key -> !key.isBlank()),
                projects,
                list(connection, "zones"),
                connection.required("forensic_project").strip(),
                bucket(connection.required("bucket")),
                text(connection, "build_region").orElse("global"),
                text(connection, "export_zone"),
                text(connection, "network"),
                text(connection, "subnet"),
                text(connection, "build_account"),
                text(connection, "compute_account"),
                text(connection, "image_key"),
                list(connection, "snapshot_locations"),
                text(connection, "exporter").orElse(EXPORTER),
                Duration.ofMinutes(connection.number("export_minutes", 240, 5, 1440)),
                Duration.ofDays(connection.number("log_days", 14, 1, 90)),
                connection.on("objects", false),
                endpoint(connection),
                Duration.ofSeconds(connection.number("poll_seconds", 15, 1, 600)));
    }

    private static Optional<String> text(Connection connection, String name) {
        return connection.setting(name).map(String::strip);
    }

    private static String bucket(String text) {
        return text.strip().replaceFirst("^gs://", "").replaceFirst("/$", "");
    }

    /// Plain http is for tests on this machine only.
    private static Optional<URI> endpoint(Connection connection) throws ProviderException {
        Optional<URI> endpoint = connection.address("endpoint");
        if (endpoint.isPresent() && !isSafe(endpoint.get())) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "integration %s: endpoint must be https, or http on this machine".formatted(connection.name()));
        }
        return endpoint;
    }

    static boolean isSafe(URI address) {
        return "https".equals(address.getScheme())
                || ("http".equals(address.getScheme()) && LOOPBACK.contains(address.getHost()));
    }

    private static List<String> list(Connection connection, String name) {
        return Stream.of(connection.setting(name).orElse("").split("[\\s,]+", -1))
                .filter(item -> !item.isEmpty())
                .distinct()
                .toList();
    }

    /// Without the key.
    @Override
    public String toString() {
        return "Settings[%s, forensic %s, bucket %s]".formatted(projects, forensic, bucket);
    }
}
