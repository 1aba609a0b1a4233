package io.varve.emulator.kubernetes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Bearer tokens of service accounts, each with an end.
final class Tokens {
    private record Token(String user, Instant until) {}

    private final Clock clock;
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();

    Tokens(Clock clock) {
        this.clock = clock;
    }

    String issue(String user, Duration life) {
        String token = "eyJ." + UUID.randomUUID() + ".sig";
        tokens.put(token, new Token(user, clock.instant().plus(life)));
        return token;
    }

    void expireAll() {
        tokens.clear();
    }

    /// The user of an `Authorization` header.
    Optional<String> user(Optional<String> header) {
        return header.filter(text -> text.startsWith("Bearer "))
                .map(text -> tokens.get(text.substring(7).strip()))
                .filter(token -> clock.instant().isBefore(token.until()))
                .map(Token::user);
    }
}
