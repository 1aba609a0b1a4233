package io.varve.provider.defender;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.http.Answer;
import io.varve.provider.http.Call;
import io.varve.provider.http.Throttle;
import io.varve.provider.http.VendorHttp;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Calls to Microsoft's services in the tenant's name, and what their refusals mean.
///
/// Errors come as `{"error": {"code", "message", "target"}}` from all of them.
final class MicrosoftApi {
    private static final int LONGEST_TEXT = 300;

    private final Tenant tenant;
    private final SignIn signIn;
    private final VendorHttp http;

    MicrosoftApi(Connection connection, Clock clock, Waiting waiting) throws ProviderException {
        this.tenant = new Tenant(connection);
        this.signIn = new SignIn(connection);
        this.http = new VendorHttp(connection, Throttle.retryAfter(Duration.ofSeconds(30)), clock, waiting);
    }

    Tenant tenant() {
        return tenant;
    }

    /// For signed links, which take no token of ours.
    VendorHttp http() {
        return http;
    }

    List<String> roles(Service service) throws ProviderException {
        return signIn.roles(service.scope(tenant.address(service)));
    }

    boolean allows(Permission permission) throws ProviderException {
        return permission.grantedBy(roles(permission.service()));
    }

    /// Looks with a new token before it says that a permission is missing: it may have been granted
    /// a minute ago.
    ///
    /// @throws ProviderException FORBIDDEN, with how to grant it
    void require(Permission permission) throws ProviderException {
        if (allows(permission)) {
            return;
        }
        signIn.renew();
        if (!allows(permission)) {
            throw new ProviderException(Kind.FORBIDDEN, missing(permission));
        }
    }

    private String missing(Permission permission) throws ProviderException {
        return "permission %s is missing (%s). %s"
                .formatted(permission.text(), permission.use(), permission.mend(tenant.application()));
    }

    /// @param path begins with a slash, properly encoded
    URI at(Service service, String path) throws ProviderException {
        return URI.create(tenant.address(service) + path);
    }

    /// The answer to a call, which must be a good one.
    Answer send(Permission permission, Call call) throws ProviderException, InterruptedException {
        Answer answer = ask(permission.service(), call);
        if (answer.good()) {
            return answer;
        }
        throw refused(permission, call, answer);
    }

    JsonNode read(Permission permission, String path) throws ProviderException, InterruptedException {
        return send(permission, Call.read(at(permission.service(), path))).json();
    }

    /// The answer whatever its status. A token that is not accepted any more is replaced once.
    Answer ask(Service service, Call call) throws ProviderException, InterruptedException {
        String scope = service.scope(tenant.address(service));
        Answer answer = http.send(call.header("Authorization", "Bearer " + signIn.token(scope)));
        if (answer.status() != 401) {
            return answer;
        }
        signIn.renew();
        return http.send(call.header("Authorization", "Bearer " + signIn.token(scope)));
    }

    /// What a refusal means, and how it is mended.
    ProviderException refused(Permission permission, Call call, Answer answer) throws ProviderException {
        String code = code(answer);
        String said = "%s: %d %s".formatted(call, answer.status(), said(answer));
        return switch (answer.status()) {
            case 401 ->
                new ProviderException(Kind.FORBIDDEN, "Microsoft does not accept the token of the sign-in; " + said);
            case 403 -> forbidden(permission, code, said);
            case 404 -> new ProviderException(Kind.NOT_FOUND, "not known to Microsoft; " + said);
            case 408, 409, 425 -> new ProviderException(Kind.FAILED, said);
            default -> new ProviderException(answer.status() >= 500 ? Kind.FAILED : Kind.REFUSED, said);
        };
    }

    private ProviderException forbidden(Permission permission, String code, String said) throws ProviderException {
        if (code.equals("DisabledFeature")) {
            return new ProviderException(
                    Kind.FORBIDDEN,
                    "switched off in the tenant: Defender portal > Settings > Endpoints > Advanced features > Live "
                            + "Response, Live Response for Servers, unsigned script execution; " + said);
        }
        return new ProviderException(Kind.FORBIDDEN, missing(permission) + ". " + said);
    }

    static String code(Answer answer) {
        return error(answer).path("code").asText();
    }

    private static String said(Answer answer) {
        JsonNode error = error(answer);
        String text = error.path("code").asText() + " " + error.path("message").asText();
        String plain = text.replaceAll("[^\\x20-\\x7e]+", " ").strip();
        return plain.substring(0, Math.min(plain.length(), LONGEST_TEXT));
    }

    private static JsonNode error(Answer answer) {
        try {
            return answer.json().path("error");
        } catch (ProviderException e) {
            return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
        }
    }

    /// The next page of a list. Only path and query of the link are used: the token goes to the
    /// tenant's own address whatever host the link names.
    Optional<URI> next(Service service, JsonNode page) throws ProviderException {
        String link = page.path("@odata.nextLink").asText();
        if (link.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI next = URI.create(link);
            if (next.getRawPath() != null && next.getRawPath().startsWith("/") && next.getRawQuery() != null) {
                return Optional.of(at(service, next.getRawPath() + "?" + next.getRawQuery()));
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new ProviderException(Kind.FAILED, "the list goes on at an address that cannot be read");
    }

    /// A value as part of a query.
    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// A value as text of an OData filter.
    static String quoted(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
