package io.varve.acquisition;

import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.Rule;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Whether a rule is about an alert, and why not.
final class RuleMatch {
    private static final int RULES_EXPLAINED = 5;

    private RuleMatch() {}

    /// Why a rule does not apply; empty when it does. Without an asset the pattern is not asked.
    static Optional<String> mismatch(Rule rule, String source, NormalisedAlert alert, Optional<Asset> asset) {
        if (!rule.sources().isEmpty() && !rule.sources().contains(source)) {
            return Optional.of("not for alerts of " + source);
        }
        if (alert.severity() < rule.minimumSeverity()) {
            return Optional.of("severity %d is below %d".formatted(alert.severity(), rule.minimumSeverity()));
        }
        if (!rule.techniques().isEmpty() && !namesOne(alert, rule.techniques())) {
            return Optional.of("names none of its techniques");
        }
        if (asset.isPresent() && !Glob.matches(rule.assetPattern(), asset.get().name())) {
            return Optional.of("%s is not %s".formatted(asset.get().name(), rule.assetPattern()));
        }
        return Optional.empty();
    }

    /// Why none of the rules applies.
    static String none(List<Rule> enabled, String source, NormalisedAlert alert, Optional<Asset> asset) {
        if (enabled.isEmpty()) {
            return "No rule is enabled.";
        }
        String reasons = enabled.stream()
                .limit(RULES_EXPLAINED)
                .map(rule -> "%s: %s"
                        .formatted(
                                rule.name(),
                                mismatch(rule, source, alert, asset).orElse("")))
                .collect(Collectors.joining("; "));
        return "No rule matched. " + reasons + ".";
    }

    private static boolean namesOne(NormalisedAlert alert, List<String> wanted) {
        return alert.attack().stream()
                .flatMap(attack -> attack.technique().stream())
                .anyMatch(named -> wanted.stream()
                        .anyMatch(technique -> named.equals(technique) || named.startsWith(technique + ".")));
    }
}
