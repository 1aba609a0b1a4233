package io.varve.acquisition;

import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Incidents;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.Organisation;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// Groups alerts: those about one asset within a window are one incident. An alert about no asset is one by itself.
public final class IncidentGrouping {
    /// How far an alert may lie from an incident's span and still belong to it.
    public static final Duration WINDOW = Duration.ofHours(1);

    /// An alert stating a span longer than this joins by its end only, so that one does not swallow all incidents.
    private static final Duration LONGEST_SPAN = Duration.ofDays(7);

    private final Incidents incidents;
    private final Duration window;

    public IncidentGrouping(Incidents incidents, Duration window) {
        this.incidents = incidents;
        this.window = window;
    }

    /// Adds an alert to the incident it belongs to, or opens one.
    ///
    /// @param assets what the alert is about, the one it is filed under first; may be empty
    public Incident add(Organisation organisation, NormalisedAlert alert, List<Asset> assets, Instant now) {
        Instant from = start(alert);
        Optional<Incident> open = assets.isEmpty()
                ? Optional.empty()
                : incidents.openOn(
                        assets.getFirst().id(),
                        from.minus(window),
                        alert.lastSeen().plus(window));
        Incident incident = open.map(known -> joined(known, alert, assets, 1))
                .orElseGet(() -> opened(organisation, alert, assets, now));
        incidents.save(incident);
        return incident;
    }

    /// Takes in what a newer version of one of its alerts says.
    public void revise(IncidentId id, NormalisedAlert alert, List<Asset> assets) {
        incidents.find(id).ifPresent(incident -> incidents.save(joined(incident, alert, assets, 0)));
    }

    private static Instant start(NormalisedAlert alert) {
        Instant earliest = alert.lastSeen().minus(LONGEST_SPAN);
        return alert.firstSeen().isBefore(earliest) ? earliest : alert.firstSeen();
    }

    private static Incident opened(Organisation organisation, NormalisedAlert alert, List<Asset> assets, Instant now) {
        return new Incident(
                IncidentId.mint(),
                organisation,
                alert.title(),
                alert.severity(),
                alert.severityLabel(),
                Incident.Status.OPEN,
                now,
                start(alert),
                alert.lastSeen(),
                assets.stream().map(Asset::id).distinct().toList(),
                1);
    }

    private static Incident joined(Incident incident, NormalisedAlert alert, List<Asset> assets, int more) {
        boolean worse = alert.severity() > incident.severity();
        var about = new LinkedHashSet<AssetId>(incident.assets());
        assets.forEach(asset -> about.add(asset.id()));
        return new Incident(
                incident.id(),
                incident.organisation(),
                worse ? alert.title() : incident.title(),
                worse ? alert.severity() : incident.severity(),
                worse ? alert.severityLabel() : incident.severityLabel(),
                incident.status(),
                incident.openedAt(),
                start(alert).isBefore(incident.firstSeen()) ? start(alert) : incident.firstSeen(),
                alert.lastSeen().isAfter(incident.lastSeen()) ? alert.lastSeen() : incident.lastSeen(),
                List.copyOf(about),
                incident.alerts() + more);
    }
}
