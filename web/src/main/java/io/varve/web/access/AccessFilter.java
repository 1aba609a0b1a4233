package io.varve.web.access;

import io.varve.acquisition.model.Organisation;
import io.varve.database.ApiKey;
import io.varve.database.ApiKeys;
import io.varve.database.User;
import io.varve.evidence.Digest;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Lets a request through when its caller is known and may do this. Everything below `/api` passes here; only signing
/// in and the public keys of custody need no caller, and what vendors send proves itself.
@Provider
@ApplicationScoped
@Priority(Priorities.AUTHENTICATION)
public class AccessFilter implements ContainerRequestFilter {
    static final String COOKIE = "varve_session";
    private static final String BEARER = "Bearer ";
    private static final Pattern PLAIN =
            Pattern.compile("/api/v1/(?<resource>[a-z]{1,40})(/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,300}){0,5}/?");
    private static final Pattern SENT = Pattern.compile("/api/v1/alerts/[a-z]{1,40}/from/[0-9a-f-]{36}");
    private static final Pattern BY_SOURCE = Pattern.compile("/api/v1/incidents/by-source/[a-z0-9][a-z0-9_-]{0,39}/?");
    private static final Set<String> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final Set<String> ADMINISTRATION = Set.of("keys", "enrolments", "audit");

    private final SignIns signIns;
    private final ApiKeys keys;
    private final CurrentCaller current;
    private final HttpServerRequest connection;
    private final Clock clock;

    AccessFilter(SignIns signIns, ApiKeys keys, CurrentCaller current, HttpServerRequest connection, Clock clock) {
        this.signIns = signIns;
        this.keys = keys;
        this.current = current;
        this.connection = connection;
        this.clock = clock;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String path = String.valueOf(connection.path());
        boolean bySource =
                BY_SOURCE.matcher(path).matches() || SourcePath.read(path).isPresent();
        String resource = bySource ? "incidents" : resource(path);
        boolean reads = READING.contains(request.getMethod());
        if (SENT.matcher(path).matches() && request.getMethod().equals(HttpMethod.POST)) {
            return; // its sender proves itself to the integration it is sent to
        }
        if (resource.equals("session") && request.getMethod().equals(HttpMethod.POST)) {
            requireJson(request);
            return;
        }
        if (resource.equals("signingkeys") && reads) {
            return; // public keys: whoever was given a package may ask for them
        }
        Caller caller = caller(request, reads);
        boolean forConsoles = bySource && reads && caller.may(Scope.FORENSICS);
        if (!resource.equals("session") && !forConsoles && !caller.may(needed(resource, request.getMethod(), reads))) {
            throw new ProblemException(Code.FORBIDDEN, "The key lacks the scope for this.");
        }
        current.is(caller);
    }

    /// What an address is about. One that may be read in two ways (`//`, `..`, `;`, `%2f`) names
    /// nothing: what is checked here must be what is called afterwards.
    static String resource(String path) {
        Matcher plain = PLAIN.matcher(path);
        if (!plain.matches()) {
            throw new ProblemException(Code.NOT_FOUND, "There is nothing here.");
        }
        return plain.group("resource");
    }

    private static Scope needed(String resource, String method, boolean reads) {
        if (ADMINISTRATION.contains(resource)) {
            return Scope.ADMIN;
        }
        if (resource.equals("alerts") && method.equals(HttpMethod.POST)) {
            return Scope.ALERTS;
        }
        if (resource.equals("integrations")) {
            return reads ? Scope.READ : Scope.ADMIN;
        }
        return reads ? Scope.READ : Scope.WRITE;
    }

    private Caller caller(ContainerRequestContext request, boolean reads) {
        String header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (header != null) {
            return byKey(header).orElseThrow(AccessFilter::unknown);
        }
        Caller caller = byCookie(request).orElseThrow(AccessFilter::unknown);
        if (!reads) {
            requireJson(request);
        }
        return caller;
    }

    private Optional<Caller> byKey(String header) {
        if (!header.startsWith(BEARER)) {
            return Optional.empty();
        }
        byte[] key = header.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8);
        return keys.use(Digest.of(key), clock.instant()).map(this::caller);
    }

    private Caller caller(ApiKey key) {
        Set<Scope> scopes = key.scopes().stream()
                .map(scope -> Scope.valueOf(scope.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toUnmodifiableSet());
        return new Caller("key:" + key.name(), key.organisation(), scopes, address());
    }

    private Optional<Caller> byCookie(ContainerRequestContext request) {
        Cookie cookie = request.getCookies().get(COOKIE);
        return Optional.ofNullable(cookie)
                .flatMap(known -> signIns.known(known.getValue()))
                .map(this::caller);
    }

    private Caller caller(User user) {
        Organisation organisation = user.organisation();
        return new Caller("user:" + user.name(), organisation, Set.of(Scope.ADMIN), address());
    }

    /// Another site can make a browser post a form, but not JSON.
    private static void requireJson(ContainerRequestContext request) {
        MediaType type = request.getMediaType();
        if (type == null || !MediaType.APPLICATION_JSON_TYPE.isCompatible(type)) {
            throw new ProblemException(Code.FORBIDDEN, "Send Content-Type: application/json.");
        }
    }

    private String address() {
        return connection.remoteAddress() == null
                ? ""
                : connection.remoteAddress().hostAddress();
    }

    private static ProblemException unknown() {
        return new ProblemException(Code.UNAUTHORIZED, "Sign in, or send a key.");
    }
}
