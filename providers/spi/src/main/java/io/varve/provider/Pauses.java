package io.varve.provider;

import io.varve.provider.ProviderException.Kind;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Lets time pass between two calls of a vendor, as long as somebody still wants what they are for: a wait of
/// a cancelled capture ends with the step that is under way, however long it was to be.
public final class Pauses {
    /// The longest time in which nobody looks whether the capture was cancelled.
    public static final Duration STEP = Duration.ofSeconds(15);

    private final Waiting waiting;
    private final BooleanSupplier cancelled;

    private Pauses(Waiting waiting, BooleanSupplier cancelled) {
        this.waiting = waiting;
        this.cancelled = cancelled;
    }

    /// For the capture itself.
    public static Pauses capturing(CaptureContext context, Waiting waiting) {
        return new Pauses(waiting, context::cancelled);
    }

    /// For what is done whether a capture was cancelled or not: looks, lists, removing what a capture made.
    public static Pauses always(Waiting waiting) {
        return new Pauses(waiting, () -> false);
    }

    /// @param what for the message, e.g. `reading block 3 of disk-1`
    /// @throws ProviderException CANCELLED, before the whole time is over
    public void pass(Duration time, String what) throws ProviderException, InterruptedException {
        Duration left = time;
        expectWanted(what);
        while (left.isPositive()) {
            Duration step = left.compareTo(STEP) < 0 ? left : STEP;
            waiting.pass(step);
            left = left.minus(step);
            expectWanted(what);
        }
    }

    /// @param what for the message
    /// @throws ProviderException CANCELLED
    public void expectWanted(String what) throws ProviderException {
        if (cancelled.getAsBoolean()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled while " + what);
        }
    }
}
