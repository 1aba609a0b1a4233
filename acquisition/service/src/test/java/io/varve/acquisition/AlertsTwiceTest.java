package io.varve.acquisition;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.source.AlertBody;
import io.varve.acquisition.source.AlertSamplesTest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// All real alerts of the vendors' contracts, taken in by the worker's own code, and once more.
@Tag("contained")
class AlertsTwiceTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final Kept kept = new Kept();
    private final AlertIntake intake = new AlertIntake(
            kept.alerts,
            new AssetIdentity(kept.assets, AssetIdentity.ADDRESS_WINDOW),
            new IncidentGrouping(kept.incidents, IncidentGrouping.WINDOW),
            new RuleEngine(
                    kept.rules,
                    kept.captures,
                    kept.decisions,
                    new CaptureService(kept.captures, kept.captures, new Containments(kept.alerts, kept.captures)),
                    Budgets.USUAL,
                    RuleEngine.APPROVAL_LIFE),
            Clock.fixed(NOON, ZoneOffset.UTC));

    @Test
    void everySampleIsTakenInAndTheSecondTimeChangesNothing() throws Exception {
        List<Body> bodies = bodies();

        bodies.forEach(this::post);
        var first = state();
        assertThat(kept.alerts.rows.values()).noneMatch(alert -> alert.state() == Alert.State.REJECTED);
        assertThat(kept.alerts.rows.values()).noneMatch(alert -> alert.state() == Alert.State.RECEIVED);
        assertThat(first.size()).isGreaterThan(100);

        bodies.forEach(this::post);

        assertThat(state()).isEqualTo(first);
    }

    private record Body(String source, byte[] raw) {}

    private static List<Body> bodies() throws Exception {
        var bodies = new ArrayList<Body>();
        for (String file : AlertSamplesTest.files().toList()) {
            if (AlertSamplesTest.isNoAlert(file)) {
                continue;
            }
            var array = JsonNodeFactory.instance.arrayNode();
            for (JsonNode event : AlertSamplesTest.events(file)) {
                array.add(event);
            }
            bodies.add(new Body(AlertSamplesTest.sourceName(file), AlertBody.write(array)));
        }
        return bodies;
    }

    private void post(Body body) {
        var alert = new Alert(
                AlertId.mint(),
                Organisation.DEFAULT,
                body.source,
                NOON.minus(Duration.ofMinutes(1)),
                Alert.State.RECEIVED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        kept.alerts.receive(alert, body.raw);
        intake.normalise(alert.id());
    }

    /// What the alerts say and how many each incident has, by the alerts' own ids.
    private Map<String, String> state() {
        Map<Object, Integer> counts =
                kept.incidents.rows.values().stream().collect(Collectors.toMap(Incident::id, Incident::alerts));
        return kept.alerts.rows.values().stream()
                .filter(alert -> alert.state() == Alert.State.NORMALISED)
                .collect(Collectors.toMap(
                        alert -> alert.source() + " "
                                + alert.normalised().orElseThrow().sourceAlertId(),
                        alert -> alert.normalised().orElseThrow() + " " + alert.asset() + " " + alert.incident() + " "
                                + counts.get(alert.incident().orElseThrow())));
    }
}
