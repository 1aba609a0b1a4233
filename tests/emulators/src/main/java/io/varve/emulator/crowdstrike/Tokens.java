package io.varve.emulator.crowdstrike;

import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// API clients and the tokens they hold.
final class Tokens {
    private record Token(Client client, Instant expires) {}

    private final Clock clock;
    private final Settings settings;
    private final Map<String, Client> clients = new ConcurrentHashMap<>();
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();

    Tokens(Clock clock, Settings settings) {
        this.clock = clock;
        this.settings = settings;
    }

    Client add(Set<Scope> scopes) {
        var client = new Client(Ids.hex(), Ids.hex() + Ids.hex().substring(24), Set.copyOf(scopes));
        clients.put(client.id(), client);
        return client;
    }

    Response issue(Call call) {
        Optional<Client> client = signedIn(call);
        if (client.isEmpty()) {
            return Envelope.error(403, 403, "access denied, authorization failed");
        }
        call.from(client.get().id());
        String token = Ids.hex() + Ids.hex();
        tokens.put(token, new Token(client.get(), clock.instant().plus(settings.tokenLife())));
        Response answer = Response.json(
                201,
                Envelope.JSON
                        .objectNode()
                        .put("access_token", token)
                        .put("token_type", "bearer")
                        .put("expires_in", settings.tokenLife().toSeconds() - 1));
        return settings.region().isEmpty() ? answer : answer.with("X-CS-Region", settings.region());
    }

    Response revoke(Call call) {
        Optional<Client> client = basic(call);
        if (client.isEmpty()) {
            return Envelope.error(403, 403, "access denied, authorization failed");
        }
        call.from(client.get().id());
        call.request().form("token").ifPresent(tokens::remove);
        return Envelope.resources(200, Set.of());
    }

    /// The client whose token the call carries, when it is still good.
    Optional<Client> holder(Call call) {
        String header = call.request().header("authorization").orElse("");
        if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        Token token = tokens.get(header.substring(7).trim());
        return token == null || !clock.instant().isBefore(token.expires) ? Optional.empty() : Optional.of(token.client);
    }

    void expireAll() {
        tokens.clear();
    }

    private Optional<Client> signedIn(Call call) {
        Optional<String> id = call.request().form("client_id");
        Optional<String> secret = call.request().form("client_secret");
        return id.isPresent() && secret.isPresent() ? known(id.get(), secret.get()) : basic(call);
    }

    private Optional<Client> basic(Call call) {
        String header = call.request().header("authorization").orElse("");
        if (!header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Optional.empty();
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(header.substring(6).trim());
            String[] pair = new String(decoded, StandardCharsets.UTF_8).split(":", 2);
            return pair.length == 2 ? known(pair[0], pair[1]) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<Client> known(String id, String secret) {
        Client client = clients.get(id);
        return client != null && client.secret().equals(secret) ? Optional.of(client) : Optional.empty();
    }
}
