package io.varve.provider.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How a vendor says that calls come too fast.
@FunctionalInterface
public interface Throttle {
    /// How long to wait; empty when the answer is no refusal of this kind.
    Optional<Duration> wait(Answer answer, Instant now);

    /// Status 429 with `Retry-After` in seconds; without the header `standard`.
    static Throttle retryAfter(Duration standard) {
        return (answer, now) -> answer.status() == 429
                ? Optional.of(answer.headers()
                        .firstValue("Retry-After")
                        .filter(text -> text.strip().matches("\\d{1,6}"))
                        .map(text -> Duration.ofSeconds(Long.parseLong(text.strip())))
                        .orElse(standard))
                : Optional.empty();
    }
}
