package io.varve.provider.gcp;

import io.varve.provider.CaptureContext;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// Waits between two looks at something that takes its time, as long as somebody still wants it.
final class Patience {
    private final CaptureContext context;
    private final Clock clock;
    private final Pauses pauses;
    private final Duration poll;
    private final Instant deadline;
    private final boolean isWanted;

    private Patience(
            CaptureContext context, Clock clock, Pauses pauses, Duration poll, Instant deadline, boolean isWanted) {
        this.context = context;
        this.clock = clock;
        this.pauses = pauses;
        this.poll = poll;
        this.deadline = deadline;
        this.isWanted = isWanted;
    }

    /// For the capture itself: ends when it is cancelled or its time is over.
    static Patience capturing(CaptureContext context, Clock clock, Pauses pauses, Duration poll) {
        return new Patience(context, clock, pauses, poll, context.deadline(), true);
    }

    /// For removing what it made, cancelled or not.
    static Patience releasing(CaptureContext context, Clock clock, Pauses pauses, Duration poll) {
        return new Patience(context, clock, pauses, poll, clock.instant().plus(Duration.ofMinutes(20)), false);
    }

    /// @param what for messages, e.g. `making the image varve-1`
    /// @throws ProviderException CANCELLED, or that it is not done in time
    void pass(String what) throws ProviderException, InterruptedException {
        if (!clock.instant().isBefore(deadline)) {
            throw new ProviderException(isWanted ? Kind.REFUSED : Kind.FAILED, what + ": not done in time");
        }
        if (isWanted) {
            context.progress(0, 0, sentence(what));
        }
        pauses.pass(poll, what);
    }

    private static String sentence(String what) {
        return Character.toUpperCase(what.charAt(0)) + what.substring(1);
    }

    Instant now() {
        return clock.instant();
    }
}
