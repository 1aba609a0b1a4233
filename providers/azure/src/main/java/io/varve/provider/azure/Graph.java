package io.varve.provider.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.BearerTokenAuthenticationPolicy;
import com.azure.core.http.policy.RequestIdPolicy;
import com.azure.core.http.policy.UserAgentPolicy;
import com.azure.core.util.Context;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Microsoft Graph, asked in the tenant's name. It lets few calls a minute through: where it says for how
/// long to wait, that is done, some times and some minutes at most.
final class Graph {
    /// Application permission, which an administrator consents to.
    static final String READ_LOGS = "AuditLog.Read.All";

    private static final String NO_LICENCE = "Authentication_RequestFromNonPremiumTenantOrB2CTenant";
    private static final int MOST_WAITS = 10;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final int LONGEST_TEXT = 300;
    private static final JsonMapper JSON = new JsonMapper();

    private final URI address;
    private final HttpPipeline pipeline;
    private final Pauses pauses;

    Graph(Cloud cloud, Pauses pauses) {
        this.address = cloud.settings().graph();
        this.pauses = pauses;
        this.pipeline = new HttpPipelineBuilder()
                .httpClient(cloud.http())
                .policies(
                        new UserAgentPolicy("varve"),
                        new RequestIdPolicy(),
                        new BearerTokenAuthenticationPolicy(cloud.identity().credential(), scope(address)))
                .build();
    }

    /// Of tokens for this address of Graph.
    static String scope(URI address) {
        String host = String.valueOf(address.getHost());
        return (host.endsWith(".us") || host.endsWith(".cn") ? "https://" + host : "https://graph.microsoft.com")
                + "/.default";
    }

    URI at(String path) {
        return URI.create(address + path);
    }

    /// The next page of a list, which must be where this one was.
    URI next(String link) throws ProviderException {
        try {
            URI next = URI.create(link.strip().replace(" ", "%20"));
            if (Cloud.isSameServer(next, address)) {
                return next;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new ProviderException(Kind.REFUSED, "a list of Microsoft Graph's goes on at another address");
    }

    /// The answer as it was sent.
    byte[] page(URI page, String what) throws ProviderException, InterruptedException {
        for (int waits = 0; ; waits++) {
            try (HttpResponse answer =
                    pipeline.sendSync(new HttpRequest(HttpMethod.GET, page.toString()), Context.NONE)) {
                byte[] body = answer.getBodyAsBinaryData().toBytes();
                if (answer.getStatusCode() == 200) {
                    return body;
                }
                ProviderException refused = refused(what, answer, body);
                if (refused.kind() != Kind.THROTTLED || waits == MOST_WAITS) {
                    throw refused;
                }
                pauses.pass(bounded(refused.retryAfter().orElse(SHORTEST_WAIT)), what);
            } catch (RuntimeException e) {
                throw Errors.of(what, e);
            }
        }
    }

    private static Duration bounded(Duration asked) {
        if (asked.compareTo(SHORTEST_WAIT) < 0) {
            return SHORTEST_WAIT;
        }
        return asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
    }

    private static ProviderException refused(String what, HttpResponse answer, byte[] body) {
        int status = answer.getStatusCode();
        JsonNode error = error(body);
        String code = error.path("code").asText("");
        String plain = (code + " " + error.path("message").asText(""))
                .replaceAll("[^\\x20-\\x7e]+", " ")
                .strip();
        String said =
                "%s: HTTP %d %s".formatted(what, status, plain.substring(0, Math.min(plain.length(), LONGEST_TEXT)));
        return switch (status) {
            case 401, 403 -> new ProviderException(Kind.FORBIDDEN, said + ". " + mend(code));
            case 404 -> new ProviderException(Kind.NOT_FOUND, said);
            case 429 -> new ProviderException(Kind.THROTTLED, said, Optional.of(retryAfter(answer)));
            default -> new ProviderException(status >= 500 ? Kind.FAILED : Kind.REFUSED, said);
        };
    }

    private static String mend(String code) {
        return code.equals(NO_LICENCE)
                ? "Microsoft gives sign-ins out only where the tenant has a licence of Entra ID P1 or P2"
                : "The application permission %s of Microsoft Graph is needed, with an administrator's consent"
                        .formatted(READ_LOGS);
    }

    private static JsonNode error(byte[] body) {
        try {
            return JSON.readTree(body).path("error");
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    private static Duration retryAfter(HttpResponse answer) {
        String text = answer.getHeaderValue(HttpHeaderName.RETRY_AFTER);
        return text != null && text.matches("\\d{1,6}")
                ? Duration.ofSeconds(Long.parseLong(text))
                : Duration.ofSeconds(30);
    }
}
