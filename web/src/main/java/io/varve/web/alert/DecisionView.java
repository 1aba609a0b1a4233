package io.varve.web.alert;

import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Decision;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import io.varve.acquisition.model.Rules;
import java.time.Instant;
import java.util.Optional;

/// Why a capture was taken or not.
public record DecisionView(
        String alert,
        Optional<String> rule,
        Optional<String> ruleName,
        Decision.Outcome outcome,
        String reason,
        Instant at,
        Optional<String> capture) {
    public static DecisionView of(Decision decision, Rules rules) {
        return new DecisionView(
                decision.alert().toString(),
                decision.rule().map(RuleId::toString),
                decision.rule().flatMap(rules::find).map(Rule::name),
                decision.outcome(),
                decision.reason(),
                decision.at(),
                decision.capture().map(CaptureId::toString));
    }
}
