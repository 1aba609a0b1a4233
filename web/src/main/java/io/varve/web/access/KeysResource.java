package io.varve.web.access;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.database.ApiKey;
import io.varve.database.ApiKeys;
import io.varve.evidence.Digest;
import io.varve.web.Items;
import io.varve.web.Requests;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Keys that automation calls with.
@Path("/api/v1/keys")
@RunOnVirtualThread
public class KeysResource {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ApiKeys keys;
    private final CurrentCaller current;
    private final Clock clock;

    KeysResource(ApiKeys keys, CurrentCaller current, Clock clock) {
        this.keys = keys;
        this.current = current;
        this.clock = clock;
    }

    public record KeyRequest(
            @Nullable String name, @Nullable Set<String> scopes) {}

    /// @param key the key itself, in the answer that made it and never again
    public record KeyView(
            UUID id,
            String name,
            List<String> scopes,
            String createdBy,
            Instant createdAt,
            Optional<Instant> lastUsed,
            Optional<String> key) {}

    @GET
    public Items<KeyView> all() {
        return new Items<>(keys.all(current.organisation()).stream()
                .map(key -> view(key, Optional.empty()))
                .toList());
    }

    @POST
    public Response create(@Nullable KeyRequest body) {
        KeyRequest request = Requests.body(body);
        byte[] random = new byte[24];
        RANDOM.nextBytes(random);
        String secret = "vk_" + HexFormat.of().formatHex(random);
        var key = new ApiKey(
                UUID.randomUUID(),
                current.organisation(),
                Requests.text(request.name(), "name"),
                Digest.of(secret.getBytes(StandardCharsets.UTF_8)),
                scopes(request.scopes()),
                current.caller().name(),
                clock.instant(),
                Optional.empty());
        keys.insert(key);
        current.did("key_created", key.id().toString(), key.name() + " " + key.scopes());
        return Response.status(Response.Status.CREATED)
                .entity(view(key, Optional.of(secret)))
                .build();
    }

    @DELETE
    @Path("{id}")
    public Response delete(String id) {
        UUID key = Requests.id(id, UUID::fromString, "key");
        if (!keys.delete(current.organisation(), key)) {
            throw ProblemException.notFound("key");
        }
        current.did("key_deleted", id, "");
        return Response.noContent().build();
    }

    private static Set<String> scopes(@Nullable Set<String> asked) {
        if (asked == null || asked.isEmpty()) {
            throw ProblemException.badRequest("scopes is missing");
        }
        try {
            return asked.stream()
                    .map(scope ->
                            Scope.valueOf(scope.toUpperCase(Locale.ROOT)).name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("scopes are alerts, read, write, forensics and admin");
        }
    }

    private static KeyView view(ApiKey key, Optional<String> secret) {
        return new KeyView(
                key.id(),
                key.name(),
                key.scopes().stream().sorted().toList(),
                key.createdBy(),
                key.createdAt(),
                key.lastUsed(),
                secret);
    }
}
