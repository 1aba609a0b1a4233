package io.varve.provider.defender;

import com.azure.core.credential.TokenRequestContext;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.ClientSecretCredential;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.http.Trust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Signs in to the tenant with the application's secret. Tokens are kept by the Azure library, in memory, and are asked
/// for anew before they end.
final class SignIn {
    private static final Set<String> MICROSOFT = Set.of(
            "login.microsoftonline.com",
            "login.microsoftonline.us",
            "login.chinacloudapi.cn",
            "login.partner.microsoftonline.cn");
    private static final Pattern REASON = Pattern.compile("(AADSTS\\d{3,8}): ?([^\\r\\n]{0,200})");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_ROLES = 200;

    private final Connection connection;
    private ClientSecretCredential credential;

    SignIn(Connection connection) throws ProviderException {
        this.connection = connection;
        this.credential = credential(connection);
    }

    /// @throws ProviderException FORBIDDEN when the tenant does not accept the application or its secret
    synchronized String token(String scope) throws ProviderException {
        try {
            return credential
                    .getTokenSync(new TokenRequestContext().addScopes(scope))
                    .getToken();
        } catch (RuntimeException e) {
            throw refused(e);
        }
    }

    /// Throws the tokens away: the next one is new.
    synchronized void renew() throws ProviderException {
        credential = credential(connection);
    }

    /// The application permissions that tokens for this scope carry.
    List<String> roles(String scope) throws ProviderException {
        String[] parts = token(scope).split("\\.", 4);
        if (parts.length < 2) {
            return List.of();
        }
        try {
            var roles = new ArrayList<String>();
            for (JsonNode role :
                    JSON.readTree(Base64.getUrlDecoder().decode(parts[1])).path("roles")) {
                if (roles.size() < MOST_ROLES) {
                    roles.add(role.asText());
                }
            }
            return List.copyOf(roles);
        } catch (IOException | IllegalArgumentException e) {
            throw new ProviderException(Kind.FAILED, "the token of the sign-in cannot be read");
        }
    }

    private static ClientSecretCredential credential(Connection connection) throws ProviderException {
        URI authority = Tenant.address(connection, "authority", "https://login.microsoftonline.com");
        HttpClient.Builder client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(20))
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1);
        Trust.of(connection).ifPresent(client::sslContext);
        String tenant = connection.required("tenant_id").strip();
        if (!tenant.matches("[A-Za-z0-9.-]{1,100}")) {
            throw new ProviderException(
                    Kind.REFUSED, "integration %s: tenant_id is no tenant's id".formatted(connection.name()));
        }
        var builder = new ClientSecretCredentialBuilder()
                .authorityHost(authority.toString())
                .tenantId(tenant)
                .clientId(connection.required("client_id").strip())
                .clientSecret(connection.secret("client_secret"))
                .maxRetry(2)
                .httpClient(new JdkHttpClientBuilder(client)
                        .responseTimeout(Duration.ofSeconds(60))
                        .build());
        if (!MICROSOFT.contains(String.valueOf(authority.getHost()).toLowerCase(Locale.ROOT))) {
            builder.disableInstanceDiscovery();
        }
        return builder.build();
    }

    private ProviderException refused(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            Matcher reason = REASON.matcher(String.valueOf(cause.getMessage()));
            if (reason.find()) {
                return refused(reason.group(1), reason.group(2).strip());
            }
        }
        return new ProviderException(
                Kind.FAILED,
                "the sign-in at %s does not answer"
                        .formatted(connection.setting("authority").orElse("Microsoft")));
    }

    private static ProviderException refused(String code, String text) {
        String mend = switch (code) {
            case "AADSTS7000215" -> "the client secret is wrong: enter the secret's value, not its id";
            case "AADSTS7000222" -> "the client secret has expired: make a new one and enter it";
            case "AADSTS700016" -> "the application is not known in this tenant: check client_id, and consent";
            case "AADSTS90002", "AADSTS900023" -> "there is no such tenant: check tenant_id";
            default -> "";
        };
        boolean busy = code.equals("AADSTS90033") || code.equals("AADSTS50196");
        return new ProviderException(
                busy ? Kind.FAILED : Kind.FORBIDDEN,
                "Microsoft refused the sign-in (%s): %s".formatted(code, mend.isEmpty() ? text : mend));
    }
}
