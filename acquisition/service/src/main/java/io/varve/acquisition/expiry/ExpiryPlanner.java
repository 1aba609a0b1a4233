package io.varve.acquisition.expiry;

import io.varve.acquisition.expiry.Expiring.State;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Capture;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Lists what of an asset will be lost, in the order in which it should be taken.
public final class ExpiryPlanner {
    /// First what nothing takes yet, of that what may go at any moment, then what goes by the clock, the nearest first.
    public static final Comparator<Expiring> URGENCY = Comparator.comparing(Expiring::state)
            .thenComparing(one -> one.until().orElse(Instant.MIN))
            .thenComparing(Expiring::what);

    /// Step of a capture that says that a cloud keeps the host meanwhile.
    private static final String PROTECTION = "protection";

    private static final String RELEASED = "released";

    private ExpiryPlanner() {}

    /// @param captures of the asset
    /// @param happened when what is investigated began: what was captured before it says nothing of it
    public static List<Expiring> plan(Asset asset, List<Capture> captures, Instant happened, Instant now) {
        return Stream.of(Perishable.values())
                .filter(what -> asset.identifiers().stream().anyMatch(what::isOf))
                .map(what -> expiring(what, captures, happened, now))
                .sorted(URGENCY)
                .toList();
    }

    private static Expiring expiring(Perishable what, List<Capture> captures, Instant happened, Instant now) {
        Optional<Capture> by = captures.stream()
                .filter(capture -> what.profiles().contains(capture.profile()))
                .filter(capture -> capture.endedAt().orElse(now).isAfter(happened))
                .filter(capture -> !capture.state().hasEnded() || capture.state() == Capture.State.CAPTURED)
                .max(Comparator.comparing((Capture capture) -> capture.state() == Capture.State.CAPTURED)
                        .thenComparing(Capture::requestedAt));
        Optional<Instant> until = what.kept().map(happened::plus);
        return new Expiring(
                what,
                until,
                by.map(ExpiryPlanner::state).orElse(until.filter(now::isAfter).isPresent() ? State.GONE : State.OPEN),
                what.profiles(),
                by.map(Capture::id));
    }

    private static State state(Capture capture) {
        if (capture.state() == Capture.State.CAPTURED) {
            return State.TAKEN;
        }
        Map<String, String> steps = capture.steps();
        boolean held = "set".equals(steps.get(PROTECTION)) && !steps.containsKey(RELEASED);
        return held ? State.HELD : State.TAKING;
    }
}
