package io.varve.web.rule;

import io.varve.acquisition.Estimates.Estimate;
import io.varve.acquisition.RuleSimulation;
import io.varve.acquisition.model.Decision;
import io.varve.web.Named;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a rule would have captured, as clients see it.
///
/// @param skipped how many captures were not taken, by outcome
public record SimulationView(
        Instant from,
        Instant to,
        long alerts,
        long matched,
        long captures,
        int hosts,
        long bytes,
        Duration time,
        Map<String, RuleSimulation.Share> byProvider,
        List<Estimate> estimates,
        long approvals,
        Map<String, Long> skipped,
        List<DecisionExample> decisions,
        boolean complete,
        Instant until) {

    public record DecisionExample(
            String alert,
            Instant at,
            Optional<Named> asset,
            Decision.Outcome outcome,
            String reason,
            Optional<String> provider) {
        static DecisionExample of(RuleSimulation.Example example) {
            return new DecisionExample(
                    example.alert().toString(),
                    example.at(),
                    example.asset().map(Named::of),
                    example.outcome(),
                    example.reason(),
                    example.provider());
        }
    }

    static SimulationView of(RuleSimulation.Result result, Instant from, Instant to) {
        var skipped = new TreeMap<String, Long>();
        result.skipped().forEach((outcome, count) -> skipped.put(outcome.name().toLowerCase(Locale.ROOT), count));
        return new SimulationView(
                from,
                to,
                result.alerts(),
                result.matched(),
                result.captures(),
                result.hosts(),
                result.bytes(),
                result.time(),
                result.byProvider(),
                result.estimates(),
                result.approvals(),
                skipped,
                result.decisions().stream().map(DecisionExample::of).toList(),
                result.complete(),
                result.until());
    }
}
