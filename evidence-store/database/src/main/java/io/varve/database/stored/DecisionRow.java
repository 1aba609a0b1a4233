package io.varve.database.stored;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Decision;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.RuleId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "decision")
@SuppressWarnings("NullAway.Init")
class DecisionRow {
    @Id
    UUID id;

    UUID alert;
    String organisation;

    @Nullable
    UUID incident;

    @Nullable
    UUID rule;

    @Enumerated(EnumType.STRING)
    Decision.Outcome outcome;

    String reason;
    Instant at;

    @Nullable
    UUID capture;

    @Nullable
    UUID about;

    static DecisionRow of(UUID id, Decision decision) {
        DecisionRow row = new DecisionRow();
        row.id = id;
        row.alert = decision.alert().value();
        row.organisation = decision.organisation().value();
        row.incident = decision.incident().map(IncidentId::value).orElse(null);
        row.rule = decision.rule().map(RuleId::value).orElse(null);
        row.outcome = decision.outcome();
        row.reason = decision.reason();
        row.at = decision.at();
        row.capture = decision.capture().map(CaptureId::value).orElse(null);
        row.about = decision.about().map(CaptureId::value).orElse(null);
        return row;
    }

    Decision decision() {
        return new Decision(
                new AlertId(alert),
                new Organisation(organisation),
                Optional.ofNullable(incident).map(IncidentId::new),
                Optional.ofNullable(rule).map(RuleId::new),
                outcome,
                reason,
                at,
                Optional.ofNullable(capture).map(CaptureId::new),
                Optional.ofNullable(about).map(CaptureId::new));
    }
}
