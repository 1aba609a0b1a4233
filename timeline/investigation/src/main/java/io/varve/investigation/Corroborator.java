package io.varve.investigation;

import io.varve.acquisition.model.NormalisedAlert;
import io.varve.investigation.Corroboration.Reading;
import io.varve.investigation.Corroboration.State;
import io.varve.timeline.Hit;
import io.varve.timeline.TimelineStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/// Says for one alert whether the evidence of its asset confirms it.
///
/// Conservative in every direction: nothing is confirmed by a name alone, nothing is called not seen unless a source
/// that must hold it was read, and a contradiction needs a record that cannot be true together with the alert.
public final class Corroborator {
    public static final Duration DEFAULT_SLACK = Duration.ofMinutes(15);

    private final TimelineStore store;
    private final Duration slack;

    public Corroborator(TimelineStore store) {
        this(store, DEFAULT_SLACK);
    }

    /// @param slack how far outside the alert's own times an event may lie
    public Corroborator(TimelineStore store, Duration slack) {
        this.store = store;
        this.slack = slack;
    }

    public Corroboration corroborate(NormalisedAlert alert, AssetEvidence evidence) throws IOException {
        Window window = Window.of(alert, slack);
        List<Claim> claims = Claim.of(alert);
        if (claims.isEmpty()) {
            return new Corroboration(
                    State.NOT_COLLECTED,
                    "The alert names no process path, file hash, connection or logon that evidence could confirm.",
                    List.of(),
                    List.of());
        }
        var events = new AssetEvents(store, evidence.scope());
        var readings = new Readings(events, evidence, window);
        var judgement = new Judgement(events, evidence, window, readings);
        var verdicts = new ArrayList<Verdict>();
        for (Claim claim : claims) {
            verdicts.add(judgement.of(claim));
        }
        return sum(verdicts, readings(claims, readings), evidence);
    }

    private static List<Reading> readings(List<Claim> claims, Readings readings) throws IOException {
        var all = new LinkedHashMap<Source, Reading>();
        for (Claim claim : claims) {
            for (Source source : claim.mustHold()) {
                all.put(source, readings.of(source));
            }
        }
        for (Claim claim : claims) {
            for (Source source : claim.mayHold()) {
                all.putIfAbsent(source, readings.of(source));
            }
        }
        return List.copyOf(all.values());
    }

    private static Corroboration sum(List<Verdict> verdicts, List<Reading> readings, AssetEvidence evidence) {
        State state = State.NOT_SEEN;
        for (State strongest : List.of(State.CONFIRMED, State.CONTRADICTED, State.NOT_COLLECTED)) {
            if (verdicts.stream().anyMatch(verdict -> verdict.state() == strongest)) {
                state = strongest;
                break;
            }
        }
        State chosen = state;
        var events = new LinkedHashMap<String, Hit>();
        verdicts.stream()
                .filter(verdict -> verdict.state() == chosen)
                .forEach(verdict -> verdict.events().forEach(hit -> events.putIfAbsent(hit.id(), hit)));
        return new Corroboration(state, reason(state, verdicts, evidence), List.copyOf(events.values()), readings);
    }

    private static String reason(State state, List<Verdict> verdicts, AssetEvidence evidence) {
        if (evidence.items().isEmpty()) {
            return "No evidence of this asset has been captured.";
        }
        String start = switch (state) {
            case CONFIRMED -> "Seen in the evidence: ";
            case CONTRADICTED -> "The evidence says otherwise: ";
            case NOT_SEEN -> "Looked for and not found: ";
            case NOT_COLLECTED -> "Cannot be told: ";
        };
        String text = start + texts(state, verdicts) + ".";
        boolean alsoOtherwise = state == State.CONFIRMED
                && verdicts.stream().anyMatch(verdict -> verdict.state() == State.CONTRADICTED);
        return alsoOtherwise ? text + " But: " + texts(State.CONTRADICTED, verdicts) + "." : text;
    }

    private static String texts(State state, List<Verdict> verdicts) {
        return verdicts.stream()
                .filter(verdict -> verdict.state() == state)
                .map(Verdict::text)
                .distinct()
                .limit(3)
                .collect(Collectors.joining("; "));
    }
}
