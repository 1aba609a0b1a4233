package io.varve.web.incident;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.acquisition.expiry.ExpiryPlanner;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.Decisions;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.Rules;
import io.varve.database.Care;
import io.varve.database.Corroboration;
import io.varve.database.Corroborations;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceItems;
import io.varve.investigation.RelevantEvents;
import io.varve.timeline.Scope;
import io.varve.timeline.TimelineStore;
import io.varve.web.alert.AlertView;
import io.varve.web.alert.DecisionView;
import io.varve.web.capture.CaptureView;
import io.varve.web.evidence.EvidenceView;
import io.varve.web.evidence.KnownEvidence;
import io.varve.web.incident.ForensicsView.AlertAnswer;
import io.varve.web.incident.ForensicsView.CorroborationView;
import io.varve.web.incident.ForensicsView.TimelineLink;
import io.varve.web.incident.ForensicsView.Totals;
import io.varve.web.timeline.Events;
import io.varve.web.timeline.SearchScope;
import io.varve.web.timeline.SearchScope.Narrowed;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts together what the Forensics tab shows.
@ApplicationScoped
public class Forensics {
    /// How far around the alerts events are looked for.
    private static final Duration AROUND = Duration.ofMinutes(15);

    private static final int MOST_ALERTS = 200;
    private static final int MOST_DECISIONS = 200;
    private static final int FIRST_EVENTS = 50;
    private static final int MOST_ASSETS = 20;
    private static final List<String> TOTALS = List.of(
            "files", "parsed", "partial", "failed", "unparsed", "empty", "found", "records", "rejected", "events");

    private final Alerts alerts;
    private final Assets assets;
    private final Care care;
    private final Captures captures;
    private final Decisions decisions;
    private final Rules rules;
    private final EvidenceItems evidence;
    private final KnownEvidence known;
    private final Corroborations corroborations;
    private final RelevantEvents relevant;
    private final SearchScope scopes;
    private final Events events;
    private final ObjectMapper json;
    private final Clock clock;

    Forensics(
            Alerts alerts,
            Assets assets,
            Care care,
            Captures captures,
            Decisions decisions,
            Rules rules,
            EvidenceItems evidence,
            KnownEvidence known,
            Corroborations corroborations,
            TimelineStore timeline,
            SearchScope scopes,
            Events events,
            ObjectMapper json,
            Clock clock) {
        this.alerts = alerts;
        this.assets = assets;
        this.care = care;
        this.captures = captures;
        this.decisions = decisions;
        this.rules = rules;
        this.evidence = evidence;
        this.known = known;
        this.corroborations = corroborations;
        this.relevant = new RelevantEvents(timeline, AROUND);
        this.scopes = scopes;
        this.events = events;
        this.json = json;
        this.clock = clock;
    }

    /// Of all assets together, in the order in which it should be taken.
    private List<ExpiringView> expiring(Incident incident) {
        Instant now = clock.instant();
        return incident.assets().stream()
                .limit(MOST_ASSETS)
                .flatMap(id -> assets.find(id).stream())
                .flatMap(asset ->
                        ExpiryPlanner.plan(
                                        asset,
                                        captures.ofAsset(asset.id(), incident.firstSeen()),
                                        incident.firstSeen(),
                                        now)
                                .stream()
                                .map(expiring -> Map.entry(asset, expiring)))
                .sorted(Map.Entry.comparingByValue(ExpiryPlanner.URGENCY))
                .map(entry -> ExpiringView.of(entry.getKey(), entry.getValue()))
                .toList();
    }

    ForensicsView of(Incident incident) throws IOException {
        List<Capture> taken = captures.ofIncident(incident.id());
        List<EvidenceItem> items = evidence.ofIncident(incident.id());
        List<Alert> about = alerts.ofIncident(incident.id(), MOST_ALERTS);
        return new ForensicsView(
                IncidentView.of(incident, taken, assets),
                answers(about),
                taken.stream().map(capture -> CaptureView.of(capture, assets)).toList(),
                items.stream()
                        .map(item -> EvidenceView.of(item, assets, care.of(item.key())))
                        .toList(),
                DecisionView.of(decisions.ofIncident(incident.id(), MOST_DECISIONS), rules),
                firstEvents(incident, about),
                expiring(incident),
                coverage(items),
                new TimelineLink(
                        incident.id().toString(),
                        incident.firstSeen().minus(AROUND),
                        incident.lastSeen().plus(AROUND),
                        ""),
                new Totals(incident.alerts(), corroborations.counts(incident.id()), decisions.counts(incident.id())));
    }

    private List<AlertAnswer> answers(List<Alert> about) {
        Map<AlertId, Corroboration> found =
                corroborations.of(about.stream().map(Alert::id).toList());
        return about.stream()
                .map(alert ->
                        new AlertAnswer(AlertView.of(alert), answer(alert, Optional.ofNullable(found.get(alert.id())))))
                .toList();
    }

    private CorroborationView answer(Alert alert, Optional<Corroboration> corroboration) {
        if (corroboration.isPresent()) {
            Corroboration known = corroboration.get();
            return new CorroborationView(known.state(), known.reason(), array(known.events()), array(known.sources()));
        }
        return alert.asset().isEmpty()
                ? without(Corroboration.State.NOT_COLLECTED, "The alert could not be tied to an asset.")
                : without(Corroboration.State.PENDING, "The alert has not been held against evidence yet.");
    }

    private CorroborationView without(Corroboration.State state, String reason) {
        return new CorroborationView(state, reason, json.createArrayNode(), json.createArrayNode());
    }

    private JsonNode array(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a kept corroboration is not JSON", e);
        }
    }

    private List<JsonNode> firstEvents(Incident incident, List<Alert> about) throws IOException {
        var narrowed = new Narrowed(Optional.empty(), Optional.of(incident.id()), Optional.empty());
        Scope scope = scopes.of(incident.organisation(), narrowed).scope();
        List<NormalisedAlert> contents =
                about.stream().flatMap(alert -> alert.normalised().stream()).toList();
        return events.of(relevant.first(contents, scope, FIRST_EVENTS));
    }

    private Map<String, Long> coverage(List<EvidenceItem> items) {
        var totals = new LinkedHashMap<String, Long>();
        TOTALS.forEach(name -> totals.put(name, 0L));
        items.stream()
                .map(known::holder)
                .distinct()
                .forEach(item -> evidence.coverage(item.key())
                        .map(this::array)
                        .ifPresent(summary -> totals.replaceAll(
                                (name, sum) -> sum + summary.path(name).asLong())));
        return totals;
    }
}
