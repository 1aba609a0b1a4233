package io.varve.acquisition.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What has been captured, as far as rules and their budgets ask.
public interface CaptureHistory {
    /// The newest capture of the asset with this profile that was requested since, failed and cancelled ones left out.
    Optional<Capture> recent(AssetId asset, String profile, Instant since);

    /// Captures a rule requested since. Rejected ones are not counted, nor further tries of the same request.
    int requestedBy(RuleId rule, Instant since);

    /// Captures of an asset requested since, by whomever; counted like those of a rule.
    int requestedOf(AssetId asset, Instant since);

    /// What the organisation's captures requested since have used.
    Usage usage(Organisation organisation, Instant since);

    /// What captures of this kind used to bring, from the newest ones that succeeded; empty when there are none.
    Optional<Past> past(Organisation organisation, String provider, String profile);

    /// @param captures counted like those of a rule
    /// @param bytes brought so far
    /// @param unknown how many have not ended and do not know their size yet, by provider and profile
    record Usage(int captures, long bytes, List<Unknown> unknown) {}

    record Unknown(String provider, String profile, int captures) {}

    /// @param bytes on average
    /// @param time on average, from start to end
    record Past(int captures, long bytes, Duration time) {}
}
