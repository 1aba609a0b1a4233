package io.varve.acquisition;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.AssetIdentity.Resolution;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.source.AlertBody;
import io.varve.acquisition.source.AlertSource;
import io.varve.acquisition.source.Revisions;
import io.varve.acquisition.source.UnreadableAlertException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Reads a kept raw alert: normalises it, finds its asset, its incident and whether it came before, and applies the
/// rules.
///
/// [#normalise] runs inside one transaction of the caller, one caller per organisation at a time, and can be run again:
/// an alert that was read already is left alone.
public final class AlertIntake {
    /// An alert about the future is about now.
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);

    private static final int MOST_HOSTS = 20;

    private final Alerts alerts;
    private final AssetIdentity identity;
    private final IncidentGrouping grouping;
    private final RuleEngine rules;
    private final Sources sources;
    private final Clock clock;

    /// How the source of an alert is found.
    @FunctionalInterface
    public interface Sources {
        /// Those that are built in, by name.
        Sources BUILT_IN = alert -> AlertSource.named(alert.source());

        /// @return empty when there is no source of this name
        /// @throws UnreadableAlertException when the source is not set up rightly
        Optional<AlertSource> of(Alert alert) throws UnreadableAlertException;
    }

    public AlertIntake(
            Alerts alerts, AssetIdentity identity, IncidentGrouping grouping, RuleEngine rules, Clock clock) {
        this(alerts, identity, grouping, rules, Sources.BUILT_IN, clock);
    }

    public AlertIntake(
            Alerts alerts,
            AssetIdentity identity,
            IncidentGrouping grouping,
            RuleEngine rules,
            Sources sources,
            Clock clock) {
        this.sources = sources;
        this.alerts = alerts;
        this.identity = identity;
        this.grouping = grouping;
        this.rules = rules;
        this.clock = clock;
    }

    /// @return the assets that alerts of this body say something new about
    public Set<AssetId> normalise(AlertId id) {
        return alerts.find(id).map(this::normalise).orElse(Set.of());
    }

    /// @param alert as kept
    /// @return the assets that alerts of this body say something new about
    public Set<AssetId> normalise(Alert alert) {
        if (alert.state() != Alert.State.RECEIVED) {
            return Set.of();
        }
        AlertSource source;
        List<JsonNode> events;
        try {
            source = source(alert);
            events = AlertBody.read(alerts.raw(alert.id()), source);
        } catch (UnreadableAlertException e) {
            reject(alert, e);
            return Set.of();
        }
        var about = new LinkedHashSet<AssetId>();
        for (int number = 1; number < events.size(); number++) {
            normalise(further(alert, number, events.get(number)), events.get(number), source)
                    .ifPresent(about::add);
        }
        normalise(alert, events.getFirst(), source).ifPresent(about::add);
        return about;
    }

    /// Gives up an alert that fails again and again for a reason of ours. Its body stays.
    public void giveUp(AlertId id, String reason) {
        alerts.find(id)
                .filter(alert -> alert.state() == Alert.State.RECEIVED)
                .ifPresent(alert -> reject(alert, new UnreadableAlertException(reason)));
    }

    private AlertSource source(Alert alert) throws UnreadableAlertException {
        return sources.of(alert).orElseThrow(() -> new UnreadableAlertException("no source " + alert.source()));
    }

    private static AlertId furtherId(AlertId first, int number) {
        return new AlertId(UUID.nameUUIDFromBytes((first + "/" + number).getBytes(StandardCharsets.UTF_8)));
    }

    /// Further alerts of one body become alerts of their own, under ids that a second run finds again.
    private Alert further(Alert first, int number, JsonNode event) {
        AlertId id = furtherId(first.id(), number);
        return alerts.find(id).orElseGet(() -> {
            var alert = new Alert(
                    id,
                    first.organisation(),
                    first.source(),
                    first.receivedAt(),
                    Alert.State.RECEIVED,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            alerts.receive(alert, AlertBody.write(event));
            return alert;
        });
    }

    private Optional<AssetId> normalise(Alert alert, JsonNode event, AlertSource source) {
        if (alert.state() != Alert.State.RECEIVED) {
            return Optional.empty();
        }
        NormalisedAlert content;
        try {
            content = believable(source.read(event, alert.receivedAt()), alert.receivedAt());
        } catch (UnreadableAlertException e) {
            reject(alert, e);
            return Optional.empty();
        }
        Optional<Alert> first = alerts.bySourceId(alert.organisation(), alert.source(), content.sourceAlertId())
                .filter(known -> !known.id().equals(alert.id()));
        if (first.isPresent()) {
            return repeat(alert, content, first.get());
        }
        return file(alert, content);
    }

    private Optional<AssetId> file(Alert alert, NormalisedAlert content) {
        Instant now = clock.instant();
        Found found = assets(alert, content);
        Incident incident = grouping.add(alert.organisation(), content, found.assets, now);
        Alert filed = new Alert(
                alert.id(),
                alert.organisation(),
                alert.source(),
                alert.receivedAt(),
                Alert.State.NORMALISED,
                Optional.empty(),
                Optional.of(content),
                found.first().map(Asset::id),
                Optional.of(incident.id()));
        alerts.update(filed);
        rules.apply(filed, found.first(), found.note, now);
        return filed.asset();
    }

    /// The first delivery stays the alert; a newer version of it replaces what it says and may match more rules.
    private Optional<AssetId> repeat(Alert alert, NormalisedAlert content, Alert first) {
        alerts.update(new Alert(
                alert.id(),
                alert.organisation(),
                alert.source(),
                alert.receivedAt(),
                Alert.State.REPEAT,
                Optional.empty(),
                Optional.of(content),
                first.asset(),
                first.incident()));
        if (!isNewer(content, first.normalised().orElseThrow())) {
            return Optional.empty();
        }
        Found found = assets(alert, content);
        Alert revised = new Alert(
                first.id(),
                first.organisation(),
                first.source(),
                first.receivedAt(),
                Alert.State.NORMALISED,
                Optional.empty(),
                Optional.of(content),
                first.asset().or(() -> found.first().map(Asset::id)),
                first.incident());
        alerts.update(revised);
        first.incident().ifPresent(incident -> grouping.revise(incident, content, found.assets));
        rules.apply(revised, found.first(), found.note, clock.instant());
        return revised.asset();
    }

    private static boolean isNewer(NormalisedAlert content, NormalisedAlert known) {
        return !content.revision().equals(known.revision())
                && !Revisions.isOlder(content.revision(), known.revision())
                && !content.lastSeen().isBefore(known.lastSeen());
    }

    private record Found(List<Asset> assets, String note) {
        Optional<Asset> first() {
            return assets.stream().findFirst();
        }
    }

    private Found assets(Alert alert, NormalisedAlert content) {
        var assets = new ArrayList<Asset>();
        var notes = new ArrayList<String>();
        for (NormalisedAlert.Host host :
                content.hosts().stream().limit(MOST_HOSTS).toList()) {
            Resolution resolution = identity.resolve(alert.organisation(), Sighting.of(host, content.lastSeen()));
            resolution.asset().ifPresent(assets::add);
            if (!resolution.note().isEmpty()) {
                notes.add(resolution.note());
            }
        }
        if (content.hosts().isEmpty()) {
            notes.add("The alert names no machine.");
        }
        return new Found(assets, notes.stream().findFirst().orElse(""));
    }

    private void reject(Alert alert, UnreadableAlertException reason) {
        alerts.update(new Alert(
                alert.id(),
                alert.organisation(),
                alert.source(),
                alert.receivedAt(),
                Alert.State.REJECTED,
                Optional.ofNullable(reason.getMessage()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    private static NormalisedAlert believable(NormalisedAlert alert, Instant received) {
        Instant latest = received.plus(CLOCK_SKEW);
        Instant to = alert.lastSeen().isAfter(latest) ? received : alert.lastSeen();
        Instant from = alert.firstSeen().isAfter(to) ? to : alert.firstSeen();
        return alert.spanning(from, to);
    }
}
