package io.varve.provider.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/// The API server of one cluster: reads, access reviews, the one patch that adds an ephemeral container, and exec.
/// There is no call here that deletes, evicts, labels or isolates anything.
final class Cluster implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int CONNECT_MILLIS = 10_000;
    private static final int REQUEST_MILLIS = 60_000;
    private static final int RETRIES = 3;
    private static final long PING_MILLIS = 10_000;
    private static final int PAGE = 500;
    /// Most objects of one list.
    private static final int MOST_LISTED = 20_000;
    /// Largest answer that is kept in memory.
    private static final int LARGEST = 64 << 20;

    private static final int MOST_RESTARTS = 3;

    private final Settings settings;
    private final KubernetesClient client;

    private Cluster(Settings settings, KubernetesClient client) {
        this.settings = settings;
        this.client = client;
    }

    static Cluster of(Connection connection) throws ProviderException {
        Settings settings = Settings.of(connection);
        Access access = settings.access();
        // nothing of the worker's own environment is taken: neither its service account nor a kubeconfig
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(access.server().toString())
                .withConnectionTimeout(CONNECT_MILLIS)
                .withRequestTimeout(REQUEST_MILLIS)
                .withRequestRetryBackoffLimit(RETRIES)
                .withRequestRetryBackoffInterval(200)
                .withHttp2Disable(true)
                .withWebsocketPingInterval(PING_MILLIS)
                .withUserAgent("varve")
                .build();
        access.token().ifPresent(config::setOauthToken);
        access.ca().map(Cluster::encoded).ifPresent(config::setCaCertData);
        access.certificate().map(Cluster::encoded).ifPresent(config::setClientCertData);
        access.key().map(Cluster::encoded).ifPresent(config::setClientKeyData);
        try {
            return new Cluster(
                    settings, new KubernetesClientBuilder().withConfig(config).build());
        } catch (RuntimeException e) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "integration %s: its certificates cannot be used: %s"
                            .formatted(connection.name(), Errors.plain(String.valueOf(e.getMessage()))));
        }
    }

    private static String encoded(String pem) {
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    }

    Settings settings() {
        return settings;
    }

    KubernetesClient client() {
        return client;
    }

    /// Query parameters: name, value, name, value.
    JsonNode get(String what, String path, String... query) throws ProviderException, InterruptedException {
        return json(what, bytes(what, path, query));
    }

    /// An answer as the server sent it.
    byte[] bytes(String what, String path, String... query) throws ProviderException, InterruptedException {
        return whole(what, request(path, query).build());
    }

    JsonNode post(String what, String path, JsonNode body) throws ProviderException, InterruptedException {
        return json(
                what,
                whole(
                        what,
                        request(path).post("application/json", body.toString()).build()));
    }

    /// Adds to a list of an object by name; what has that name already is left.
    JsonNode merge(String what, String path, JsonNode patch) throws ProviderException, InterruptedException {
        return json(
                what,
                whole(
                        what,
                        request(path)
                                .method("PATCH", "application/strategic-merge-patch+json", patch.toString())
                                .build()));
    }

    /// All objects of a list, page by page; a list that grew too old begins again.
    List<JsonNode> list(String what, String path) throws ProviderException, InterruptedException {
        var items = new LinkedHashMap<String, JsonNode>();
        each(what, path, item -> {
            // by what tells them apart; what has no such name is kept as well
            items.put(item.path("metadata").path("uid").asText("nameless " + items.size()), item);
            return items.size() < MOST_LISTED;
        });
        return List.copyOf(items.values());
    }

    /// Hands over the objects of a list while more are wanted. A list that grew too old meanwhile begins again: some
    /// are handed over once more.
    void each(String what, String path, Predicate<JsonNode> more) throws ProviderException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                pages(what, path, more);
                return;
            } catch (ProviderException e) {
                if (e.kind() != Kind.NOT_FOUND || !e.reason().contains("HTTP 410") || attempt == MOST_RESTARTS) {
                    throw e;
                }
            }
        }
    }

    private void pages(String what, String path, Predicate<JsonNode> more)
            throws ProviderException, InterruptedException {
        String next = "";
        do {
            JsonNode page = next.isEmpty()
                    ? get(what, path, "limit", Integer.toString(PAGE))
                    : get(what, path, "limit", Integer.toString(PAGE), "continue", next);
            for (JsonNode item : page.path("items")) {
                if (!more.test(item)) {
                    return;
                }
            }
            next = page.path("metadata").path("continue").asText("");
        } while (!next.isEmpty());
    }

    /// An answer that may be long; the caller closes it.
    InputStream stream(String what, String path, String... query) throws ProviderException, InterruptedException {
        HttpResponse<InputStream> response = await(
                what,
                client.getHttpClient()
                        .sendAsync(request(path, query).forStreaming().build(), InputStream.class));
        if (!response.isSuccessful()) {
            throw refused(what, response);
        }
        return response.body();
    }

    private HttpRequest.Builder request(String path, String... query) {
        var uri = new StringBuilder(settings.access().server().toString()).append(path);
        for (int i = 0; i < query.length; i += 2) {
            uri.append(i == 0 ? '?' : '&').append(query[i]).append('=').append(HttpRequest.formURLEncode(query[i + 1]));
        }
        return client.getHttpClient().newHttpRequestBuilder().uri(uri.toString());
    }

    private byte[] whole(String what, HttpRequest request) throws ProviderException, InterruptedException {
        HttpResponse<InputStream> response = await(what, client.getHttpClient().sendAsync(request, InputStream.class));
        if (!response.isSuccessful()) {
            throw refused(what, response);
        }
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new ProviderException(Kind.REFUSED, "%s: more than %d bytes".formatted(what, LARGEST));
            }
            return bytes;
        } catch (IOException e) {
            throw Errors.offline(what, e);
        }
    }

    private static ProviderException refused(String what, HttpResponse<InputStream> response) {
        String text;
        try (InputStream body = response.body()) {
            text = new String(body.readNBytes(1 << 16), StandardCharsets.UTF_8);
        } catch (IOException e) {
            text = "";
        }
        return Errors.of(what, response.code(), text, header(response, "Retry-After"));
    }

    private static Optional<String> header(HttpResponse<?> response, String name) {
        return response.headers(name).stream().findFirst();
    }

    private static JsonNode json(String what, byte[] body) throws ProviderException {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, "%s: the answer is not JSON".formatted(what));
        }
    }

    private static <T> T await(String what, CompletableFuture<T> answer)
            throws ProviderException, InterruptedException {
        try {
            return answer.get(2L * REQUEST_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            answer.cancel(true);
            throw Errors.offline(what, e.getCause() == null ? e : e.getCause());
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
