package io.varve.provider.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.BearerTokenAuthenticationPolicy;
import com.azure.core.http.policy.RequestIdPolicy;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.core.http.policy.UserAgentPolicy;
import com.azure.core.management.exception.ManagementError;
import com.azure.core.management.exception.ManagementException;
import com.azure.core.util.Context;
import com.azure.resourcemanager.compute.fluent.ComputeManagementClient;
import com.azure.resourcemanager.compute.implementation.ComputeManagementClientBuilder;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.http.Trust;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The subscriptions that an integration reaches, and the clients for them.
final class Cloud {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_PAGES = 1_000;

    private final Settings settings;
    private final HttpClient http;
    private final Identity identity;
    private final RequestIds requests = new RequestIds();
    private final HttpPipeline pipeline;
    private final Duration operationPoll;

    private Cloud(Connection connection, Duration operationPoll) throws ProviderException {
        this.settings = Settings.of(connection);
        this.http = client(connection);
        this.identity = Identity.of(connection, settings, http);
        this.operationPoll = operationPoll;
        this.pipeline = new HttpPipelineBuilder()
                .httpClient(http)
                .policies(
                        new UserAgentPolicy("varve"),
                        new RequestIdPolicy(),
                        new RetryPolicy(),
                        new BearerTokenAuthenticationPolicy(identity.credential(), identity.scope()),
                        requests)
                .build();
    }

    /// @param operationPoll how often a running operation is looked at where Azure does not say
    static Cloud of(Connection connection, Duration operationPoll) throws ProviderException {
        return new Cloud(connection, operationPoll);
    }

    private static HttpClient client(Connection connection) throws ProviderException {
        var client = java.net.http.HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(20))
                .followRedirects(java.net.http.HttpClient.Redirect.NEVER)
                .version(java.net.http.HttpClient.Version.HTTP_1_1);
        Trust.of(connection).ifPresent(client::sslContext);
        return new JdkHttpClientBuilder(client)
                .responseTimeout(Duration.ofSeconds(60))
                .readTimeout(Duration.ofSeconds(60))
                .build();
    }

    Settings settings() {
        return settings;
    }

    Identity identity() {
        return identity;
    }

    HttpClient http() {
        return http;
    }

    RequestIds requests() {
        return requests;
    }

    ComputeManagementClient compute(String subscription) {
        return new ComputeManagementClientBuilder()
                .pipeline(pipeline)
                .endpoint(settings.endpoint().toString())
                .subscriptionId(subscription)
                .defaultPollInterval(operationPoll)
                .buildClient();
    }

    /// A container, e.g. that which files of a triage pass through.
    BlobContainerClient container(Settings.Container one) {
        return new BlobContainerClientBuilder()
                .endpoint(one.account().toString())
                .containerName(one.name())
                .credential(identity.credential())
                .httpClient(http)
                .retryOptions(retries())
                .buildClient();
    }

    /// All blobs of a storage account.
    BlobServiceClient blobs(BlobAccount account) {
        return new BlobServiceClientBuilder()
                .endpoint(account.blobs().toString())
                .credential(identity.credential())
                .httpClient(http)
                .retryOptions(retries())
                .buildClient();
    }

    private static RequestRetryOptions retries() {
        return new RequestRetryOptions(RetryPolicyType.EXPONENTIAL, 3, 60, 1_000L, 4_000L, null);
    }

    /// Those of the integration, or all that the identity sees.
    List<String> subscriptions() throws ProviderException {
        if (!settings.subscriptions().isEmpty()) {
            return settings.subscriptions();
        }
        List<String> all = list("/subscriptions?api-version=2022-12-01").stream()
                .filter(one -> one.path("state").asText("Enabled").equals("Enabled"))
                .map(one -> one.path("subscriptionId").asText())
                .toList();
        if (all.isEmpty()) {
            throw new ProviderException(
                    Kind.FORBIDDEN, "the identity sees no subscription: give it the role varve-capture in one");
        }
        return all;
    }

    /// What Azure Resource Manager lists below a path, all pages of it.
    List<JsonNode> list(String path) throws ProviderException {
        var all = new ArrayList<JsonNode>();
        URI next = URI.create(settings.endpoint() + path);
        for (int page = 0; page < MOST_PAGES; page++) {
            JsonNode answer = json(next, page(next));
            answer.path("value").forEach(all::add);
            String link = answer.path("nextLink").asText("");
            if (link.isEmpty()) {
                return all;
            }
            next = next(link, path);
        }
        throw new ProviderException(Kind.REFUSED, "a list of Azure's does not end: " + path);
    }

    /// What is at a path of Azure Resource Manager.
    JsonNode get(String path) throws ProviderException {
        URI address = URI.create(settings.endpoint() + path);
        return json(address, page(address));
    }

    /// The next page of a list, which must be where this one was. Some services write the port of https, or spaces as
    /// they are.
    URI next(String link, String list) throws ProviderException {
        try {
            URI next = URI.create(link.strip().replace(" ", "%20"));
            if (isSameServer(next, settings.endpoint())) {
                return next;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new ProviderException(Kind.REFUSED, "a list of Azure's goes on at another address: " + list);
    }

    static boolean isSameServer(URI one, URI other) {
        return String.valueOf(one.getScheme()).equalsIgnoreCase(other.getScheme())
                && String.valueOf(one.getHost()).equalsIgnoreCase(other.getHost())
                && one.getUserInfo() == null
                && port(one) == port(other);
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return "http".equalsIgnoreCase(address.getScheme()) ? 80 : 443;
    }

    /// What Azure Resource Manager answers at an address, as it was sent.
    byte[] page(URI address) throws ProviderException {
        String what = asking(address);
        try (HttpResponse answer =
                pipeline.sendSync(new HttpRequest(HttpMethod.GET, address.toString()), Context.NONE)) {
            byte[] body = answer.getBodyAsBinaryData().toBytes();
            if (answer.getStatusCode() != 200) {
                JsonNode error = json(address, body).path("error");
                throw Errors.of(
                        what,
                        new ManagementException(
                                "refused",
                                answer,
                                new ManagementError(
                                        error.path("code").asText("HTTP " + answer.getStatusCode()),
                                        error.path("message").asText("refused"))));
            }
            return body;
        } catch (RuntimeException e) {
            throw Errors.of(what, e);
        }
    }

    private static String asking(URI address) {
        return "asking for " + address.getPath();
    }

    private static JsonNode json(URI address, byte[] body) throws ProviderException {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, asking(address) + ": the answer is not JSON");
        }
    }
}
