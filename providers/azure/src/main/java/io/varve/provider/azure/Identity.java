package io.varve.provider.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.http.HttpClient;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.identity.WorkloadIdentityCredentialBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Who Varve is at Azure. Tokens are kept by Microsoft's library, in memory, and asked for anew before they end.
///
/// @param scope of tokens for Azure Resource Manager
record Identity(TokenCredential credential, String scope) {
    /// Of tokens for the pages of disks whose data needs a sign-in. The service compares the audience with its slash.
    static final String DISK_SCOPE = "https://disk.azure.com//.default";

    private static final Set<String> MICROSOFT = Set.of(
            "login.microsoftonline.com",
            "login.microsoftonline.us",
            "login.chinacloudapi.cn",
            "login.partner.microsoftonline.cn");
    /// Ends of host names in national clouds, where the address names its tokens.
    private static final List<String> NATIONAL =
            List.of(".usgovcloudapi.net", ".chinacloudapi.cn", ".azure.us", ".azure.cn", ".microsoft.us");

    private static final JsonMapper JSON = new JsonMapper();

    static Identity of(Connection connection, Settings settings, HttpClient http) throws ProviderException {
        return new Identity(
                switch (settings.signIn()) {
                    case SECRET -> secret(settings, connection.secret("client_secret"), http);
                    case MANAGED -> managed(settings, http);
                    case FEDERATED -> federated(settings, http);
                },
                scope(settings.endpoint()));
    }

    private static TokenCredential secret(Settings settings, String secret, HttpClient http) {
        var builder = new ClientSecretCredentialBuilder()
                .authorityHost(settings.authority().toString())
                .tenantId(settings.tenant().orElseThrow())
                .clientId(settings.client().orElseThrow())
                .clientSecret(secret)
                .maxRetry(2)
                .httpClient(http);
        if (isForeign(settings.authority())) {
            builder.disableInstanceDiscovery();
        }
        return builder.build();
    }

    private static TokenCredential managed(Settings settings, HttpClient http) {
        var builder = new ManagedIdentityCredentialBuilder().maxRetry(2).httpClient(http);
        settings.client().ifPresent(builder::clientId);
        return builder.build();
    }

    private static TokenCredential federated(Settings settings, HttpClient http) {
        var builder = new WorkloadIdentityCredentialBuilder()
                .authorityHost(settings.authority().toString())
                .tenantId(settings.tenant().orElseThrow())
                .clientId(settings.client().orElseThrow())
                .maxRetry(2)
                .httpClient(http);
        if (isForeign(settings.authority())) {
            builder.disableInstanceDiscovery();
        }
        return builder.build();
    }

    private static boolean isForeign(URI authority) {
        return !MICROSOFT.contains(String.valueOf(authority.getHost()).toLowerCase(Locale.ROOT));
    }

    private static String scope(URI endpoint) {
        String host = String.valueOf(endpoint.getHost()).toLowerCase(Locale.ROOT);
        return (NATIONAL.stream().anyMatch(host::endsWith) ? "https://" + host : "https://management.azure.com")
                + "/.default";
    }

    /// Whom Azure's activity log names: the application and its object in the tenant.
    String caller() throws ProviderException {
        JsonNode claims = claims(scope);
        return "application %s, object %s"
                .formatted(
                        claims.path("appid").asText("unknown"),
                        claims.path("oid").asText("unknown"));
    }

    /// The application permissions that tokens of a scope carry.
    List<String> permissions(String ofScope) throws ProviderException {
        var permissions = new ArrayList<String>();
        claims(ofScope).path("roles").forEach(role -> permissions.add(role.asText()));
        return List.copyOf(permissions);
    }

    private JsonNode claims(String ofScope) throws ProviderException {
        String[] parts = token(ofScope).split("\\.", 4);
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(parts.length < 2 ? "" : parts[1]));
        } catch (IOException | IllegalArgumentException e) {
            throw new ProviderException(Kind.FAILED, "the token of the sign-in cannot be read");
        }
    }

    private String token(String ofScope) throws ProviderException {
        try {
            return credential
                    .getTokenSync(new TokenRequestContext().addScopes(ofScope))
                    .getToken();
        } catch (RuntimeException e) {
            throw Errors.of("signing in", e);
        }
    }
}
