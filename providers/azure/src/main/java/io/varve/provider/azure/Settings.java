package io.varve.provider.azure;

import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What an integration with Azure is set to.
///
/// @param client application id; of a managed identity it may be absent
/// @param subscriptions ids; none means every subscription the identity sees
/// @param endpoint of Azure Resource Manager
/// @param authority where tokens are asked for
/// @param snapshotGroup resource group that snapshots are made in; absent means that of the disk
/// @param diskAccess resource id of a disk access: snapshots are then read through private endpoints only
/// @param relay container that files of a triage pass through; absent means there is no such triage
/// @param logDays how far back logs are asked for; absent means that nobody said
/// @param signIns whether logs of a machine are also sign-ins of Entra ID, from Microsoft Graph
/// @param graph address of Microsoft Graph
/// @param objects whether containers are listed, to be captured
record Settings(
        SignIn signIn,
        Optional<String> tenant,
        Optional<String> client,
        List<String> subscriptions,
        URI endpoint,
        URI authority,
        Optional<String> snapshotGroup,
        Optional<String> diskAccess,
        Optional<Container> relay,
        Optional<Duration> logDays,
        boolean signIns,
        URI graph,
        boolean objects,
        Duration poll) {
    private static final Duration USUAL_LOGS = Duration.ofDays(14);

    /// @param account address of the storage account's blobs
    record Container(URI account, String name) {}

    enum SignIn {
        SECRET,
        /// The identity of the worker's own machine.
        MANAGED,
        /// A token that Kubernetes, or who else the application trusts, puts into a file.
        FEDERATED
    }

    static Settings of(Connection connection) throws ProviderException {
        SignIn signIn = signIn(connection);
        Optional<String> tenant = plain(connection, "tenant_id", "[A-Za-z0-9.-]{1,100}");
        Optional<String> client = plain(connection, "client_id", "[A-Za-z0-9-]{1,100}");
        if (signIn != SignIn.MANAGED) {
            connection.required("tenant_id");
            connection.required("client_id");
        }
        return new Settings(
                signIn,
                tenant,
                client,
                subscriptions(connection),
                address(connection, "endpoint", "https://management.azure.com"),
                address(connection, "authority", "https://login.microsoftonline.com"),
                plain(connection, "snapshot_group", "[-\\w.()]{1,90}"),
                plain(connection, "disk_access", "/subscriptions/[-\\w./()]{1,400}"),
                relay(connection),
                logDays(connection),
                connection.on("sign_ins", false),
                address(connection, "graph", "https://graph.microsoft.com"),
                connection.on("objects", false),
                Duration.ofSeconds(connection.number("poll_seconds", 15, 1, 600)));
    }

    private static Optional<Container> relay(Connection connection) throws ProviderException {
        Optional<String> account = plain(connection, "relay_account", "[a-z0-9]{3,24}");
        Optional<String> container = plain(connection, "relay_container", "[a-z0-9-]{3,63}");
        if (account.isPresent() != container.isPresent()) {
            throw bad(
                    connection,
                    account.isPresent() ? "relay_container" : "relay_account",
                    "is not set: a storage account and a container of it belong together");
        }
        if (account.isEmpty()) {
            return Optional.empty();
        }
        String standard = "https://%s.blob.core.windows.net".formatted(account.get());
        return Optional.of(new Container(address(connection, "relay_address", standard), container.orElseThrow()));
    }

    private static Optional<Duration> logDays(Connection connection) throws ProviderException {
        return connection.setting("log_days").isPresent()
                ? Optional.of(Duration.ofDays(connection.number("log_days", USUAL_LOGS.toDays(), 1, 90)))
                : Optional.empty();
    }

    /// How far back logs are asked for.
    Duration logs() {
        return logDays.orElse(USUAL_LOGS);
    }

    private static SignIn signIn(Connection connection) throws ProviderException {
        String standard = connection.secrets().containsKey("client_secret") ? "secret" : "managed";
        String text = connection.setting("sign_in").orElse(standard).strip().toUpperCase(Locale.ROOT);
        return Stream.of(SignIn.values())
                .filter(way -> way.name().equals(text))
                .findFirst()
                .orElseThrow(() -> bad(connection, "sign_in", "must be secret, managed or federated"));
    }

    private static Optional<String> plain(Connection connection, String name, String pattern) throws ProviderException {
        Optional<String> text = connection.setting(name).map(String::strip);
        if (text.isPresent() && !text.get().matches(pattern)) {
            throw bad(connection, name, "has characters it cannot have");
        }
        return text;
    }

    private static List<String> subscriptions(Connection connection) throws ProviderException {
        List<String> all = Stream.of(
                        connection.setting("subscriptions").orElse("").split("[\\s,]+", -1))
                .filter(item -> !item.isEmpty())
                .distinct()
                .toList();
        if (!all.stream().allMatch(one -> one.matches("[A-Za-z0-9-]{1,100}"))) {
            throw bad(connection, "subscriptions", "must be ids of subscriptions");
        }
        return all;
    }

    /// Tokens are sent there: https, but to this very machine.
    private static URI address(Connection connection, String name, String standard) throws ProviderException {
        try {
            URI address =
                    URI.create(connection.setting(name).orElse(standard).strip().replaceAll("/+$", ""));
            if (isSafe(address)) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw bad(connection, name, "must be an https address");
    }

    /// Whether secrets may be sent to this address.
    static boolean isSafe(URI address) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        boolean loopback = host.equals("localhost") || host.equals("[::1]") || host.startsWith("127.");
        return address.getHost() != null && (scheme.equals("https") || scheme.equals("http") && loopback);
    }

    private static ProviderException bad(Connection connection, String name, String why) {
        return new ProviderException(Kind.REFUSED, "integration %s: %s %s".formatted(connection.name(), name, why));
    }

    /// Whether machines of this subscription may be captured through the integration.
    boolean covers(String subscription) {
        return subscriptions.isEmpty() || subscriptions.stream().anyMatch(subscription::equalsIgnoreCase);
    }
}
