package io.varve.investigation;

import io.varve.event.TimelineEvent;
import io.varve.investigation.Corroboration.Reading;
import io.varve.investigation.Corroboration.State;
import io.varve.investigation.Corroboration.Status;
import io.varve.timeline.EventFilter;
import io.varve.timeline.Hit;
import io.varve.timeline.Match;
import io.varve.timeline.Search;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Judges the claims of one alert.
final class Judgement {
    private final AssetEvents events;
    private final AssetEvidence evidence;
    private final Window window;
    private final Readings readings;
    private final Contradictions contradictions;

    Judgement(AssetEvents events, AssetEvidence evidence, Window window, Readings readings) {
        this.events = events;
        this.evidence = evidence;
        this.window = window;
        this.readings = readings;
        this.contradictions = new Contradictions(events, window);
    }

    Verdict of(Claim claim) throws IOException {
        List<Hit> against = contradictions.of(claim);
        List<Hit> confirming = new ArrayList<>(confirming(claim));
        confirming.removeAll(against);
        if (!against.isEmpty()) {
            confirming = withHash(claim, confirming);
        }
        if (!confirming.isEmpty()) {
            return new Verdict(claim, State.CONFIRMED, claim.text() + ": " + counted(confirming.size()), confirming);
        }
        if (!against.isEmpty()) {
            return new Verdict(claim, State.CONTRADICTED, otherwise(claim), against);
        }
        return missing(claim);
    }

    private static String counted(int events) {
        return events == 1 ? "1 event" : events + " events";
    }

    private static String otherwise(Claim claim) {
        return switch (claim) {
            case Claim.ProcessRun run -> claim.text() + ": the process list of that time shows another program there";
            case Claim.FileHash file -> claim.text() + ": it has another content, unchanged since before the alert";
            case Claim.Connection connection -> claim.text();
            case Claim.Logon logon -> claim.text();
        };
    }

    /// Where a claimed hash is contradicted, a path alone no longer confirms it.
    private static List<Hit> withHash(Claim claim, List<Hit> hits) throws IOException {
        Map<String, String> hashes = switch (claim) {
            case Claim.ProcessRun run -> run.hashes();
            case Claim.FileHash file -> file.hashes();
            case Claim.Connection connection -> Map.of();
            case Claim.Logon logon -> Map.of();
        };
        if (hashes.isEmpty()) {
            return hits;
        }
        var kept = new ArrayList<Hit>();
        for (Hit hit : hits) {
            TimelineEvent event = AssetEvents.read(hit);
            boolean stated = hashes.entrySet().stream()
                    .anyMatch(hash -> states(event, "process.hash." + hash.getKey(), hash.getValue())
                            || states(event, "file.hash." + hash.getKey(), hash.getValue()));
            if (stated) {
                kept.add(hit);
            }
        }
        return kept;
    }

    private static boolean states(TimelineEvent event, String field, String value) {
        return AssetEvents.text(event, field).orElse("").equalsIgnoreCase(value);
    }

    /// Events that match in the window, and states that began before it and still held in it: a process that was still
    /// running, a file that was still there.
    private List<Hit> confirming(Claim claim) throws IOException {
        var hits = new LinkedHashMap<String, Hit>();
        EventFilter inside = EventFilter.match(claim.confirms())
                .between(window.from(), window.to().plusNanos(1));
        events.search(inside, Search.Order.OLDEST_FIRST).forEach(hit -> hits.put(hit.id(), hit));
        Match states = Match.all(claim.confirms(), Match.any(AssetEvents.PROCESS, AssetEvents.FILE));
        EventFilter before = EventFilter.match(states).between(Instant.MIN, window.from());
        for (Hit hit : events.search(before, Search.Order.NEWEST_FIRST)) {
            if (stillHeld(hit)) {
                hits.put(hit.id(), hit);
            }
        }
        return List.copyOf(hits.values());
    }

    private boolean stillHeld(Hit hit) throws IOException {
        TimelineEvent event = AssetEvents.read(hit);
        Optional<Instant> observed = AssetEvents.observed(event);
        if (observed.isPresent()) {
            return !observed.get().isBefore(window.from());
        }
        return event.dataType().endsWith(":file:stat")
                && evidence.items().stream().anyMatch(item -> !item.begun().isBefore(window.from()));
    }

    private Verdict missing(Claim claim) throws IOException {
        var gaps = new ArrayList<String>();
        for (Source source : claim.mustHold()) {
            Reading reading = readings.of(source);
            String gap = reading.status() == Status.READ ? gap(claim) : reading.detail();
            if (gap.isEmpty()) {
                return new Verdict(claim, State.NOT_SEEN, absent(claim, source), List.of());
            }
            gaps.add("%s (%s)".formatted(source.title(), gap));
        }
        return new Verdict(claim, State.NOT_COLLECTED, claim.text() + ": " + String.join(", ", gaps), List.of());
    }

    private static String absent(Claim claim, Source source) {
        String text = "%s: not in the %s".formatted(claim.text(), source.title());
        return source.kind == Source.Kind.LOG
                ? text
                : text + " (which does not show what was gone before it was taken)";
    }

    /// Why a source that was read cannot hold this claim after all; empty when it can.
    private String gap(Claim claim) throws IOException {
        return switch (claim) {
            case Claim.FileHash file -> gap(file);
            case Claim.ProcessRun run ->
                run.image().isPresent() || run.hashes().containsKey("sha256") ? "" : "states SHA-256 only";
            case Claim.Connection connection -> "";
            case Claim.Logon logon -> "";
        };
    }

    private String gap(Claim.FileHash file) throws IOException {
        if (file.path().isEmpty() || !file.hashes().containsKey("sha256")) {
            return "states SHA-256 only, and not of every file";
        }
        String path = file.path().get();
        if (events.any(Match.all(AssetEvents.FILE, Match.is("file.path", path)))) {
            return "has the file, but not its content at the time of the alert";
        }
        String folder = Paths.folder(path);
        boolean walked = events.any(Match.all(
                AssetEvents.FILE,
                Match.any(
                        Match.is("file.path", folder),
                        new Match.StartsWith("file.path", folder + "/"),
                        Match.is("file.path", Paths.folder(folder)))));
        return walked ? "" : "does not reach into " + folder;
    }
}
