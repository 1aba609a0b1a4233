package io.varve.web.access;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.web.Requests;
import io.varve.web.WebConfig;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.NewCookie.SameSite;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/// Signing in and out.
@Path("/api/v1/session")
@RunOnVirtualThread
public class SessionResource {
    private final SignIns signIns;
    private final CurrentCaller current;
    private final WebConfig config;
    private final HttpServerRequest connection;

    SessionResource(SignIns signIns, CurrentCaller current, WebConfig config, HttpServerRequest connection) {
        this.signIns = signIns;
        this.current = current;
        this.config = config;
        this.connection = connection;
    }

    public record Credentials(
            @Nullable String user, @Nullable String password) {
        @Override
        public String toString() {
            return "credentials";
        }
    }

    public record Session(String user, boolean admin) {}

    @POST
    public Response signIn(@Nullable Credentials credentials) throws InterruptedException {
        Credentials given = Requests.body(credentials);
        String password = given.password() == null ? "" : given.password();
        SignIns.Signed signed = signIns.in(
                Requests.text(given.user(), "user"),
                password,
                connection.remoteAddress().hostAddress());
        return Response.ok(new Session(signed.user().name(), signed.user().admin()))
                .cookie(cookie(signed.token(), (int) signed.length().toSeconds()))
                .build();
    }

    @GET
    public Session who() {
        Caller caller = current.caller();
        return new Session(caller.name().substring(caller.name().indexOf(':') + 1), caller.may(Scope.ADMIN));
    }

    @DELETE
    public Response signOut(@CookieParam(AccessFilter.COOKIE) @Nullable String token) {
        Requests.given(token).ifPresent(signIns::out);
        current.did("signed_out", current.caller().name(), "");
        return Response.noContent().cookie(cookie("", 0)).build();
    }

    private NewCookie cookie(String value, int seconds) {
        return new NewCookie.Builder(AccessFilter.COOKIE)
                .value(value)
                .path("/")
                .httpOnly(true)
                .secure(config.session().secure())
                .sameSite(SameSite.STRICT)
                .maxAge(seconds)
                .build();
    }
}
