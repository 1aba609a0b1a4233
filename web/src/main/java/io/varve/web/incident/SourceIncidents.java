package io.varve.web.incident;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.Incidents;
import io.varve.acquisition.model.Organisation;
import io.varve.database.Corroboration;
import io.varve.database.Corroborations;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceItems;
import io.varve.web.WebConfig;
import io.varve.web.incident.SourceIncidentView.Counts;
import io.varve.web.incident.SourceIncidentView.IncidentSummary;
import io.varve.web.incident.SourceIncidentView.Matched;
import io.varve.web.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Finds the incident of an alert or a group by the id its own source gave it.
@ApplicationScoped
public class SourceIncidents {
    private static final int LONGEST_ID = 4_000;

    /// What a console shows of several captures: the one that brought most.
    private static final List<Capture.State> FURTHEST_FIRST = List.of(
            Capture.State.CAPTURED,
            Capture.State.RUNNING,
            Capture.State.QUEUED,
            Capture.State.AWAITING_APPROVAL,
            Capture.State.FAILED,
            Capture.State.CANCELLED,
            Capture.State.REJECTED);

    private final Alerts alerts;
    private final Incidents incidents;
    private final Captures captures;
    private final EvidenceItems evidence;
    private final Corroborations corroborations;
    private final String base;

    SourceIncidents(
            Alerts alerts,
            Incidents incidents,
            Captures captures,
            EvidenceItems evidence,
            Corroborations corroborations,
            WebConfig config) {
        this.alerts = alerts;
        this.incidents = incidents;
        this.captures = captures;
        this.evidence = evidence;
        this.corroborations = corroborations;
        this.base = config.publicUrl()
                .map(url -> url.toString().replaceAll("/+$", ""))
                .orElse("");
    }

    /// @param alerts how many of the incident's alerts are meant
    private record Found(Matched matched, Alert alert, int incidents, int alerts) {}

    SourceIncidentView of(Organisation organisation, String source, String id) {
        if (id.length() > LONGEST_ID) {
            throw ProblemException.notFound("alert or group");
        }
        Found found = alerts.bySourceId(organisation, source, id)
                .map(alert -> new Found(Matched.ALERT, alert, 1, 1))
                .or(() -> alerts.group(organisation, source, id)
                        .map(group -> new Found(Matched.GROUP, group.newest(), group.incidents(), group.alerts())))
                .orElseThrow(() -> ProblemException.notFound("alert or group"));
        Incident incident = found.alert()
                .incident()
                .flatMap(incidents::find)
                .orElseThrow(() -> ProblemException.notFound("alert or group"));
        return view(source, id, found, incident);
    }

    private SourceIncidentView view(String source, String id, Found found, Incident incident) {
        List<Capture> taken = captures.ofIncident(incident.id());
        Optional<Capture> furthest = FURTHEST_FIRST.stream()
                .flatMap(state -> taken.stream().filter(capture -> capture.state() == state))
                .findFirst();
        return new SourceIncidentView(
                source,
                id,
                found.matched(),
                IncidentSummary.of(incident),
                found.incidents(),
                counts(incident, found, taken),
                Verdicts.of(states(id, source, found, incident), found.alerts()),
                furthest.map(capture -> capture.state().name().toLowerCase(Locale.ROOT))
                        .orElse("none"),
                furthest.map(Capture::text).orElse(""),
                base + "/incidents/" + incident.id() + "/forensics");
    }

    private Counts counts(Incident incident, Found found, List<Capture> taken) {
        var states = new EnumMap<Capture.State, Long>(Capture.State.class);
        for (Capture.State state : Capture.State.values()) {
            states.put(
                    state,
                    taken.stream().filter(capture -> capture.state() == state).count());
        }
        List<EvidenceItem> sealed = evidence.ofIncident(incident.id()).stream()
                .filter(item -> item.state() == EvidenceItem.State.SEALED)
                .toList();
        return new Counts(
                found.alerts(),
                states,
                sealed.size(),
                sealed.stream().mapToLong(EvidenceItem::size).sum(),
                sealed.stream().mapToLong(item -> item.processing().events()).sum());
    }

    private Map<Corroboration.State, Long> states(String id, String source, Found found, Incident incident) {
        return switch (found.matched()) {
            case GROUP -> corroborations.counts(incident.id(), source, id);
            case ALERT ->
                corroborations
                        .find(found.alert().id())
                        .map(known -> Map.of(known.state(), 1L))
                        .orElse(Map.of());
        };
    }
}
