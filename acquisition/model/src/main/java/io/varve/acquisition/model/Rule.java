package io.varve.acquisition.model;

import java.time.Duration;
import java.util.List;

/// When an alert of this kind comes in, capture the asset this way.
///
/// @param sources alert sources it applies to; empty for all
/// @param minimumSeverity 0 to 100
/// @param techniques ATT&CK techniques of which the alert must name one; a parent covers its sub-techniques; empty for
/// all
/// @param assetPattern glob over the asset's name; `*` for all
/// @param providers channels in the order they are tried; empty for the automatic order
/// @param dedupeWindow no second capture of the same asset and profile within it
/// @param dailyBudget most captures this rule requests in one UTC day
/// @param patience how long a channel may find the host offline before the next one is tried
public record Rule(
        RuleId id,
        Organisation organisation,
        String name,
        boolean enabled,
        int position,
        List<String> sources,
        int minimumSeverity,
        List<String> techniques,
        String assetPattern,
        List<String> providers,
        String profile,
        Duration dedupeWindow,
        int dailyBudget,
        Duration patience,
        Approval approval) {
    /// How long a channel may find a host offline, where nobody said otherwise.
    public static final Duration USUAL_PATIENCE = Duration.ofMinutes(10);

    /// Whether a person has to agree before a capture starts.
    public enum Approval {
        NONE,
        REQUIRED
    }
}
