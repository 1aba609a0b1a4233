package io.varve.acquisition;

import io.varve.acquisition.model.CaptureHistory;
import io.varve.acquisition.model.Organisation;
import java.time.Duration;
import java.util.Map;

/// How large a capture will be and how long it will take: what captures of the same provider and profile were, or the
/// usual value of the profile.
public final class Estimates {
    private static final long MB = 1_000_000;
    private static final Size OTHER = new Size(500 * MB, Duration.ofMinutes(15));
    private static final Map<String, Size> USUAL = Map.of(
            "volatile", new Size(5 * MB, Duration.ofMinutes(2)),
            "triage", new Size(200 * MB, Duration.ofMinutes(10)),
            "logs", new Size(300 * MB, Duration.ofMinutes(10)),
            "cloud-logs", new Size(5 * MB, Duration.ofMinutes(5)),
            "disk", new Size(30_000 * MB, Duration.ofMinutes(20)));

    private final CaptureHistory history;

    public Estimates(CaptureHistory history) {
        this.history = history;
    }

    private record Size(long bytes, Duration time) {}

    /// @param from how many past captures it is taken from; 0 for the usual value
    public record Estimate(String provider, String profile, long bytes, Duration time, int from) {}

    public Estimate of(Organisation organisation, String provider, String profile) {
        return history.past(organisation, provider, profile)
                .map(past -> new Estimate(provider, profile, past.bytes(), past.time(), past.captures()))
                .orElseGet(() -> usual(provider, profile));
    }

    private static Estimate usual(String provider, String profile) {
        Size size = USUAL.getOrDefault(profile, OTHER);
        return new Estimate(provider, profile, size.bytes(), size.time(), 0);
    }
}
