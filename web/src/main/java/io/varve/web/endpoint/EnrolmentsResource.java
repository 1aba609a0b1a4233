package io.varve.web.endpoint;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.database.EnrolmentTokens;
import io.varve.provider.endpoint.protocol.EnrolmentToken;
import io.varve.web.Requests;
import io.varve.web.WebConfig;
import io.varve.web.access.CurrentCaller;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One-time tokens by which agents enrol.
@Path("/api/v1/enrolments")
@RunOnVirtualThread
public class EnrolmentsResource {
    private final EnrolmentTokens tokens;
    private final AgentPort port;
    private final WebConfig config;
    private final CurrentCaller current;
    private final Clock clock;

    EnrolmentsResource(EnrolmentTokens tokens, AgentPort port, WebConfig config, CurrentCaller current, Clock clock) {
        this.tokens = tokens;
        this.port = port;
        this.config = config;
        this.current = current;
        this.clock = clock;
    }

    public record EnrolmentRequest(@Nullable String name) {}

    /// @param fingerprint of the certificate the agent will insist on; the token holds it too
    public record Enrolment(String token, Instant expiresAt, String server, String fingerprint, String command) {}

    @POST
    public Response issue(@Nullable EnrolmentRequest body) {
        String name = body == null || Requests.given(body.name()).isEmpty() ? "" : Requests.text(body.name(), "name");
        EnrolmentToken token = EnrolmentToken.mint(port.fingerprint());
        Instant now = clock.instant();
        Instant expires = now.plus(config.endpoint().tokenLife());
        tokens.issue(new EnrolmentTokens.EnrolmentToken(
                token.secretDigest(),
                current.organisation(),
                name,
                current.caller().name(),
                now,
                expires));
        current.did("enrolment_token_issued", name, "");
        String command = "./varve agent run --server %s --token %s".formatted(port.address(), token.text());
        return Response.status(Response.Status.CREATED)
                .entity(new Enrolment(
                        token.text(),
                        expires,
                        port.address(),
                        port.fingerprint().hex(),
                        command))
                .build();
    }
}
