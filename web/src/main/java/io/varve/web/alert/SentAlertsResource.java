package io.varve.web.alert;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.Integration.Inbound;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Integrations;
import io.varve.database.AlertOrigins;
import io.varve.database.Tasks;
import io.varve.evidence.Digest;
import io.varve.web.Requests;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Alerts that a vendor sends to its integration. A shared secret is compared here; a signature or a token is kept with
/// the alert for a worker, which alone can check it.
@Path("/api/v1/alerts/{source}/from/{integration}")
@RunOnVirtualThread
public class SentAlertsResource {
    /// Alerts of one integration whose sender is not verified yet: a stranger can fill no more.
    private static final int MOST_UNVERIFIED = 1_000;

    private static final int LONGEST_HEADER = 8 << 10;

    private final Integrations integrations;
    private final Alerts alerts;
    private final AlertOrigins origins;
    private final AlertInbox inbox;
    private final SchedulerClient queue;
    private final Clock clock;

    SentAlertsResource(
            Integrations integrations,
            Alerts alerts,
            AlertOrigins origins,
            AlertInbox inbox,
            SchedulerClient queue,
            Clock clock) {
        this.integrations = integrations;
        this.alerts = alerts;
        this.origins = origins;
        this.inbox = inbox;
        this.queue = queue;
        this.clock = clock;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public Response receive(String source, String integration, InputStream body, @Context HttpHeaders headers)
            throws IOException {
        Integration to = open(source, integration);
        Inbound inbound = to.inbound().orElseThrow(SentAlertsResource::unknown);
        Map<String, String> proof = switch (inbound.kind()) {
            case HEADER -> compared(inbound, header(headers, inbound.settings().getOrDefault("header", "")));
            case BASIC -> compared(inbound, credentials(header(headers, HttpHeaders.AUTHORIZATION)));
            case HMAC -> kept(headers, inbound.settings(), List.of("header", "timestamp_header"));
            case OIDC ->
                Map.of(
                        "authorization",
                        header(headers, HttpHeaders.AUTHORIZATION).orElse(""));
        };
        boolean proven = proof.isEmpty();
        if (!proven && origins.waiting(to.id()) >= MOST_UNVERIFIED) {
            throw new ProblemException(Code.THROTTLED, "Too many alerts wait to be verified. Send it again later.");
        }
        AlertId id = inbox.take(to.organisation(), body, raw -> keep(to, source, raw, proof, proven));
        return Response.accepted(AlertView.Received.of(id)).build();
    }

    private Integration open(String source, String integration) {
        return integrations
                .find(Requests.id(integration, IntegrationId::of, "integration"))
                .filter(Integration::enabled)
                .filter(found -> found.inbound()
                        .filter(inbound -> inbound.source().equals(source))
                        .isPresent())
                .orElseThrow(SentAlertsResource::unknown);
    }

    private AlertId keep(
            Integration integration, String source, byte[] raw, Map<String, String> proof, boolean proven) {
        AlertId id = AlertId.mint();
        Instant now = clock.instant();
        var alert = new Alert(
                id,
                integration.organisation(),
                source,
                now,
                proven ? Alert.State.RECEIVED : Alert.State.UNVERIFIED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        QuarkusTransaction.requiringNew().run(() -> {
            alerts.receive(alert, raw);
            origins.save(new AlertOrigins.Origin(id, integration.organisation(), integration.id(), proof));
            integrations.received(integration.id(), 1, now);
            if (!proven) {
                Tasks.queue(queue, Tasks.VERIFY_ALERT, id.toString(), now);
            }
        });
        return id;
    }

    /// Nothing is kept of a secret that fits; one that does not is refused at once.
    private static Map<String, String> compared(Inbound inbound, Optional<String> secret) {
        byte[] wanted = inbound.settings().getOrDefault("digest", "").getBytes(StandardCharsets.US_ASCII);
        byte[] given = Digest.of(secret.orElse("").getBytes(StandardCharsets.UTF_8))
                .hex()
                .getBytes(StandardCharsets.US_ASCII);
        if (secret.isEmpty() || !MessageDigest.isEqual(wanted, given)) {
            throw new ProblemException(Code.UNAUTHORIZED, "The secret is missing or wrong.");
        }
        return Map.of();
    }

    private static Optional<String> credentials(Optional<String> authorization) {
        return authorization
                .filter(text -> text.regionMatches(true, 0, "Basic ", 0, 6))
                .flatMap(text -> {
                    try {
                        byte[] plain =
                                Base64.getDecoder().decode(text.substring(6).strip());
                        return Optional.of(new String(plain, StandardCharsets.UTF_8));
                    } catch (IllegalArgumentException e) {
                        return Optional.empty();
                    }
                });
    }

    private static Map<String, String> kept(HttpHeaders headers, Map<String, String> settings, List<String> names) {
        var kept = new HashMap<String, String>();
        for (String name : names) {
            String header = settings.getOrDefault(name, "");
            header(headers, header).ifPresent(value -> kept.put(header.toLowerCase(Locale.ROOT), value));
        }
        if (kept.isEmpty()) {
            throw new ProblemException(Code.UNAUTHORIZED, "The signature is missing.");
        }
        return kept;
    }

    private static Optional<String> header(HttpHeaders headers, String name) {
        @Nullable String value = name.isEmpty() ? null : headers.getHeaderString(name);
        return Optional.ofNullable(value).filter(text -> !text.isEmpty() && text.length() <= LONGEST_HEADER);
    }

    private static ProblemException unknown() {
        return new ProblemException(Code.NOT_FOUND, "No integration takes alerts here.");
    }
}
