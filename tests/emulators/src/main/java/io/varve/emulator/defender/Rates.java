package io.varve.emulator.defender;

import io.varve.emulator.kit.Throttle;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// So many calls a minute and an hour, per application.
final class Rates {
    private final Clock clock;
    private final List<Throttle> throttles;

    Rates(Clock clock, int perMinute, int perHour) {
        this.clock = clock;
        this.throttles = List.of(
                new Throttle(clock, perMinute, Duration.ofMinutes(1)),
                new Throttle(clock, perHour, Duration.ofHours(1)));
    }

    static Rates usual(Clock clock) {
        return new Rates(clock, 100, 1500);
    }

    /// @throws Refused when the application asks too often
    void take(String application) {
        for (Throttle throttle : throttles) {
            Throttle.Decision decision = throttle.take(application);
            if (!decision.allowed()) {
                throw Refused.tooMany(decision.secondsLeft(clock));
            }
        }
    }
}
