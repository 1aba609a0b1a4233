package io.varve.provider.azure;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A storage account of a subscription of the integration.
///
/// @param blobs address of its blobs, as Azure Resource Manager states it
record BlobAccount(String subscription, String group, String name, String region, URI blobs) {
    private static final String VERSION = "?api-version=2023-05-01";

    /// Finds the account of this name. Others are not touched, whoever may read them.
    static BlobAccount find(Cloud cloud, String name) throws ProviderException {
        Optional<ProviderException> trouble = Optional.empty();
        for (String subscription : cloud.subscriptions()) {
            try {
                for (BlobAccount account : all(cloud, subscription)) {
                    if (account.name().equals(name)) {
                        return account;
                    }
                }
            } catch (ProviderException e) {
                if (e.kind() != Kind.NOT_FOUND && e.kind() != Kind.FORBIDDEN && e.kind() != Kind.REFUSED) {
                    throw e;
                }
                trouble = Optional.of(e);
            }
        }
        throw trouble.orElseGet(() -> new ProviderException(
                Kind.NOT_FOUND, "no subscription of this integration has the storage account " + name));
    }

    /// The account with this resource id, which is one that Azure itself named.
    static BlobAccount at(Cloud cloud, String id) throws ProviderException {
        JsonNode account = cloud.get(id + VERSION);
        return of(id.split("/", -1)[2], account)
                .orElseThrow(
                        () -> new ProviderException(Kind.REFUSED, id + " has no address of blobs that can be used"));
    }

    /// Those with blobs.
    static List<BlobAccount> all(Cloud cloud, String subscription) throws ProviderException {
        var all = new ArrayList<BlobAccount>();
        for (JsonNode account : cloud.list(
                "/subscriptions/%s/providers/Microsoft.Storage/storageAccounts".formatted(subscription) + VERSION)) {
            of(subscription, account).ifPresent(all::add);
        }
        return all;
    }

    private static Optional<BlobAccount> of(String subscription, JsonNode account) {
        return address(account)
                .map(blobs -> new BlobAccount(
                        subscription,
                        group(account.path("id").asText()),
                        account.path("name").asText(),
                        account.path("location").asText(),
                        blobs));
    }

    /// Tokens are sent there.
    private static Optional<URI> address(JsonNode account) {
        try {
            String text = account.at("/properties/primaryEndpoints/blob").asText("");
            return Optional.of(URI.create(text.replaceAll("/+$", ""))).filter(Settings::isSafe);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String group(String id) {
        String[] parts = id.split("/", -1);
        return parts.length > 4 ? parts[4] : "";
    }

    /// As people find it.
    String text() {
        return "subscription %s, resource group %s, %s".formatted(subscription, group, region);
    }
}
