package io.varve.acquisition.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.AlertIntake;
import io.varve.acquisition.IncidentGrouping;
import io.varve.acquisition.Sighting;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertBatches.Identity;
import io.varve.acquisition.model.AlertBatches.Name;
import io.varve.acquisition.model.AlertBatches.Question;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.source.AlertBody;
import io.varve.acquisition.source.AlertSource;
import io.varve.acquisition.source.UnreadableAlertException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A first look at alerts, only to see what has to be known to read them. What cannot be read is passed over: reading
/// it says why.
final class Glance {
    private final Set<Identity> identities = new HashSet<>();
    private final Set<Name> names = new HashSet<>();
    private Instant from = Instant.MAX;
    private Instant to = Instant.MIN;

    private Glance() {}

    static Question at(List<Alert> alerts, Map<AlertId, byte[]> raws, AlertIntake.Sources sources) {
        var glance = new Glance();
        for (Alert alert : alerts) {
            Optional.ofNullable(raws.get(alert.id())).ifPresent(raw -> glance.at(alert, raw, sources));
        }
        return glance.question();
    }

    private void at(Alert alert, byte[] raw, AlertIntake.Sources sources) {
        try {
            Optional<AlertSource> source = sources.of(alert);
            if (source.isEmpty()) {
                return;
            }
            for (JsonNode event : AlertBody.read(raw, source.get())) {
                add(alert, source.get().read(event, alert.receivedAt()));
            }
        } catch (UnreadableAlertException e) {
            // said when it is read
        }
    }

    private void add(Alert alert, NormalisedAlert content) {
        identities.add(new Identity(alert.source(), content.sourceAlertId()));
        content.hosts()
                .forEach(host -> Sighting.of(host, content.lastSeen())
                        .identifiers()
                        .forEach(identifier -> names.add(new Name(identifier.kind(), identifier.value()))));
        from = earlier(from, earlier(content.firstSeen(), alert.receivedAt()));
        to = later(to, later(content.lastSeen(), alert.receivedAt()));
    }

    private Question question() {
        return from.isAfter(to)
                ? new Question(identities, names, Instant.EPOCH, Instant.EPOCH)
                : new Question(
                        identities, names, from.minus(IncidentGrouping.WINDOW), to.plus(IncidentGrouping.WINDOW));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
