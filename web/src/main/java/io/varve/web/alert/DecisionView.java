package io.varve.web.alert;

import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Decision;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import io.varve.acquisition.model.Rules;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// Why a capture was taken or not.
public record DecisionView(
        String alert,
        Optional<String> rule,
        Optional<String> ruleName,
        Decision.Outcome outcome,
        String reason,
        Instant at,
        Optional<String> capture,
        Optional<String> about) {
    public static List<DecisionView> of(List<Decision> decisions, Rules rules) {
        var names = new HashMap<RuleId, Optional<String>>();
        return decisions.stream()
                .map(decision -> of(
                        decision,
                        decision.rule()
                                .flatMap(rule -> names.computeIfAbsent(
                                        rule, id -> rules.find(id).map(Rule::name)))))
                .toList();
    }

    private static DecisionView of(Decision decision, Optional<String> ruleName) {
        return new DecisionView(
                decision.alert().toString(),
                decision.rule().map(RuleId::toString),
                ruleName,
                decision.outcome(),
                decision.reason(),
                decision.at(),
                decision.capture().map(CaptureId::toString),
                decision.about().map(CaptureId::toString));
    }
}
