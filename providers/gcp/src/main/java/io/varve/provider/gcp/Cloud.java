package io.varve.provider.gcp;

import com.google.api.gax.core.BackgroundResource;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.ClientSettings;
import com.google.api.gax.rpc.UnaryCallSettings;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.compute.v1.DisksClient;
import com.google.cloud.compute.v1.DisksSettings;
import com.google.cloud.compute.v1.GlobalOperationsClient;
import com.google.cloud.compute.v1.GlobalOperationsSettings;
import com.google.cloud.compute.v1.ImagesClient;
import com.google.cloud.compute.v1.ImagesSettings;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.compute.v1.InstancesSettings;
import com.google.cloud.compute.v1.RegionDisksClient;
import com.google.cloud.compute.v1.RegionDisksSettings;
import com.google.cloud.compute.v1.SnapshotsClient;
import com.google.cloud.compute.v1.SnapshotsSettings;
import com.google.cloud.compute.v1.ZoneOperationsClient;
import com.google.cloud.compute.v1.ZoneOperationsSettings;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import io.varve.provider.Connection;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Google's services, signed in: with the key of a service account, or as the machine of the worker.
///
/// All of them are asked through their REST interfaces. Their own repeating is off: [Calls] does it.
final class Cloud implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Cloud.class.getName());
    private static final List<String> SCOPES = List.of("https://www.googleapis.com/auth/cloud-platform");

    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final Settings settings;
    private final SharedToken credentials;
    private final Calls calls;
    private final List<BackgroundResource> opened = new ArrayList<>();

    private Cloud(Settings settings, SharedToken credentials, Pauses pauses) {
        this.settings = settings;
        this.credentials = credentials;
        this.calls = new Calls(credentials, pauses);
    }

    /// @param pauses between calls that have to be repeated
    static Cloud of(Connection connection, Pauses pauses) throws ProviderException {
        Settings settings = Settings.of(connection);
        try {
            return new Cloud(
                    settings, new SharedToken(credentials(connection, settings).createScoped(SCOPES)), pauses);
        } catch (IOException e) {
            // what is wrong with a key must not tell the key
            String reason = settings.key().isPresent()
                    ? "its service account key is not one, as the console hands it out in JSON"
                    : "this machine has no identity at Google, and no service account key is set";
            throw new ProviderException(Kind.REFUSED, "integration %s: %s".formatted(connection.name(), reason));
        }
    }

    private static GoogleCredentials credentials(Connection connection, Settings settings)
            throws IOException, ProviderException {
        if (settings.key().isEmpty()) {
            return GoogleCredentials.getApplicationDefault();
        }
        ServiceAccountCredentials key = ServiceAccountCredentials.fromStream(
                new ByteArrayInputStream(settings.key().get().getBytes(StandardCharsets.UTF_8)));
        if (!Settings.isSafe(key.getTokenServerUri())) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "integration %s: service_account_key names a token address (token_uri) that is not https"
                            .formatted(connection.name()));
        }
        return key;
    }

    Settings settings() {
        return settings;
    }

    Calls calls() {
        return calls;
    }

    /// Whom Google sees calling.
    String caller() {
        return switch (credentials.identity()) {
            case ServiceAccountCredentials key -> key.getClientEmail();
            case ComputeEngineCredentials machine -> account(machine);
            default -> "the identity of the worker's machine";
        };
    }

    private static String account(ComputeEngineCredentials machine) {
        Optional<String> account = Optional.ofNullable(machine.getAccount());
        return account.orElse("the identity of the worker's machine");
    }

    @FunctionalInterface
    private interface Opening<B, C> {
        C open(B settings) throws IOException;
    }

    private <B extends ClientSettings.Builder<?, B>, C extends BackgroundResource> C client(
            B builder, Opening<B, C> opening) throws ProviderException {
        builder.setCredentialsProvider(FixedCredentialsProvider.create(credentials));
        settings.endpoint().ifPresent(address -> builder.setEndpoint(address.toString()));
        try {
            C client = opening.open(builder);
            opened.add(client);
            return client;
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, "a client of Google's cannot be made: " + e.getMessage());
        }
    }

    /// Google's clients would repeat reads that were answered with 503 for ten minutes, and wait as long for an answer.
    @SuppressWarnings("NullAway") // the type of the answer is Void
    private static Void once(UnaryCallSettings.Builder<?, ?> call) {
        call.setSimpleTimeoutNoRetriesDuration(ANSWER);
        return null;
    }

    InstancesClient instances() throws ProviderException {
        return client(
                InstancesSettings.newBuilder().applyToAllUnaryMethods(Cloud::once),
                builder -> InstancesClient.create(builder.build()));
    }

    DisksClient disks() throws ProviderException {
        return client(
                DisksSettings.newBuilder().applyToAllUnaryMethods(Cloud::once),
                builder -> DisksClient.create(builder.build()));
    }

    RegionDisksClient regionDisks() throws ProviderException {
        return client(
                RegionDisksSettings.newBuilder().applyToAllUnaryMethods(Cloud::once),
                builder -> RegionDisksClient.create(builder.build()));
    }

    SnapshotsClient snapshots() throws ProviderException {
        return client(
                SnapshotsSettings.newBuilder().applyToAllUnaryMethods(Cloud::once),
                builder -> SnapshotsClient.create(builder.build()));
    }

    ImagesClient images() throws ProviderException {
        return client(
                ImagesSettings.newBuilder().applyToAllUnaryMethods(Cloud::once),
                builder -> ImagesClient.create(builder.build()));
    }

    ZoneOperationsClient zoneOperations() throws ProviderException {
        return client(
                ZoneOperationsSettings.newBuilder().applyToAllUnaryMethods(Cloud::once),
                builder -> ZoneOperationsClient.create(builder.build()));
    }

    GlobalOperationsClient globalOperations() throws ProviderException {
        return client(
                GlobalOperationsSettings.newBuilder().applyToAllUnaryMethods(Cloud::once),
                builder -> GlobalOperationsClient.create(builder.build()));
    }

    CloudBuild builds() {
        return new CloudBuild(rest(), settings.forensic(), settings.region());
    }

    Rest rest() {
        return new Rest(credentials, settings.endpoint());
    }

    Storage storage() {
        return storage(settings.forensic());
    }

    /// @param project whose buckets are listed
    Storage storage(String project) {
        StorageOptions.Builder options = StorageOptions.http()
                .setProjectId(project)
                .setCredentials(credentials)
                .setRetrySettings(RetrySettings.newBuilder().setMaxAttempts(1).build());
        settings.endpoint().ifPresent(address -> options.setHost(address.toString()));
        return options.build().getService();
    }

    @Override
    public void close() {
        for (BackgroundResource client : opened.reversed()) {
            try {
                client.close();
            } catch (Exception e) {
                // what was asked for is done; the other clients are closed all the same
                LOG.log(System.Logger.Level.WARNING, "closing a client of Google's", e);
            }
        }
    }
}
