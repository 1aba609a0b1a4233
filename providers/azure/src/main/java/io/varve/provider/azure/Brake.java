package io.varve.provider.azure;

import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import java.time.Duration;

/// Holds all readers of a disk for as long as Azure asked any of them to wait.
final class Brake {
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Pauses pauses;
    private Duration asked = Duration.ZERO;

    Brake(Pauses pauses) {
        this.pauses = pauses;
    }

    synchronized void hold(Duration time) {
        if (time.compareTo(asked) > 0) {
            asked = time.compareTo(LONGEST) < 0 ? time : LONGEST;
        }
    }

    /// The first to pass waits, the others behind it.
    synchronized void pass() throws ProviderException, InterruptedException {
        if (asked.isPositive()) {
            Duration time = asked;
            asked = Duration.ZERO;
            pauses.pass(time, "waiting as Azure asked");
        }
    }
}
