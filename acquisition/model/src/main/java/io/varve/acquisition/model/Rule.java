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
/// @param dedupeWindow no second capture of the same asset and profile within it
/// @param dailyBudget most captures this rule requests in one UTC day
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
        String provider,
        String profile,
        Duration dedupeWindow,
        int dailyBudget) {}
