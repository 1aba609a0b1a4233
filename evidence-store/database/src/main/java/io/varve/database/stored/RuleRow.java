package io.varve.database.stored;

import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;

@Entity
@Table(name = "rule")
@SuppressWarnings("NullAway.Init")
class RuleRow {
    @Id
    UUID id;

    String organisation;
    String name;
    boolean enabled;
    int position;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String sources;

    int minimumSeverity;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String techniques;

    String assetPattern;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String providers;

    String profile;
    long dedupeSeconds;
    int dailyBudget;
    long patienceSeconds;

    @Enumerated(EnumType.STRING)
    Rule.Approval approval;

    static RuleRow of(Rule rule) {
        RuleRow row = new RuleRow();
        row.id = rule.id().value();
        row.organisation = rule.organisation().value();
        row.name = rule.name();
        row.enabled = rule.enabled();
        row.position = rule.position();
        row.sources = Json.write(rule.sources());
        row.minimumSeverity = rule.minimumSeverity();
        row.techniques = Json.write(rule.techniques());
        row.assetPattern = rule.assetPattern();
        row.providers = Json.write(rule.providers());
        row.profile = rule.profile();
        row.dedupeSeconds = rule.dedupeWindow().toSeconds();
        row.dailyBudget = rule.dailyBudget();
        row.patienceSeconds = rule.patience().toSeconds();
        row.approval = rule.approval();
        return row;
    }

    Rule rule() {
        return new Rule(
                new RuleId(id),
                new Organisation(organisation),
                name,
                enabled,
                position,
                Json.texts(sources),
                minimumSeverity,
                Json.texts(techniques),
                assetPattern,
                Json.texts(providers),
                profile,
                Duration.ofSeconds(dedupeSeconds),
                dailyBudget,
                Duration.ofSeconds(patienceSeconds),
                approval);
    }
}
