package io.varve.investigation;

import io.varve.event.EventTime;
import io.varve.event.TimelineEvent;
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

/// Finds records that cannot be true together with a claim.
final class Contradictions {
    private final AssetEvents events;
    private final Window window;

    Contradictions(AssetEvents events, Window window) {
        this.events = events;
        this.window = window;
    }

    List<Hit> of(Claim claim) throws IOException {
        return switch (claim) {
            case Claim.ProcessRun run -> otherProcess(run);
            case Claim.FileHash file -> otherContent(file);
            case Claim.Connection connection -> List.of();
            case Claim.Logon logon -> List.of();
        };
    }

    /// The same process id, or the same path, listed as something else while the alert says it ran.
    private List<Hit> otherProcess(Claim.ProcessRun run) throws IOException {
        var same = new ArrayList<Match>();
        run.pid().ifPresent(pid -> same.add(Match.is("process.pid", pid.toString())));
        if (run.hashes().containsKey("sha256")) {
            run.image()
                    .ifPresent(path ->
                            Paths.variants(path).forEach(name -> same.add(Match.is("process.executable", name))));
        }
        Match listed = Match.all(AssetEvents.PROCESS, new Match.Any(same));
        EventFilter started = EventFilter.match(listed).between(Instant.MIN, window.first());
        var hits = new ArrayList<Hit>();
        for (Hit hit : events.search(started, Search.Order.NEWEST_FIRST)) {
            TimelineEvent event = AssetEvents.read(hit);
            boolean during = AssetEvents.observed(event)
                    .filter(time -> !time.isBefore(window.first()) && window.holds(time))
                    .isPresent();
            if (during && isOther(run, event)) {
                hits.add(hit);
            }
        }
        return hits;
    }

    private static boolean isOther(Claim.ProcessRun run, TimelineEvent event) {
        Optional<String> executable = AssetEvents.text(event, "process.executable");
        Optional<String> sha256 = AssetEvents.text(event, "process.hash.sha256");
        String claimed = run.hashes().getOrDefault("sha256", "");
        if (!claimed.isEmpty() && sha256.isPresent()) {
            return !sha256.get().equalsIgnoreCase(claimed);
        }
        if (run.image().isEmpty() || executable.isEmpty()) {
            return false;
        }
        return !isSameProgram(Paths.name(run.image().get()), event, executable.get());
    }

    /// Links and versions make one program go by several names, `sh` and `dash`, `python3` and `python3.11`: those are
    /// not called a contradiction.
    private static boolean isSameProgram(String claimed, TimelineEvent event, String executable) {
        String listed = Paths.name(executable);
        String title = AssetEvents.text(event, "process.name").orElse(listed);
        return listed.startsWith(claimed)
                || claimed.startsWith(listed)
                || title.startsWith(claimed)
                || claimed.startsWith(title);
    }

    /// The same path with another hash, unchanged since before the alert: by the time of the last metadata change too,
    /// which nobody can set back.
    private List<Hit> otherContent(Claim.FileHash file) throws IOException {
        String claimed = file.hashes().getOrDefault("sha256", "");
        if (file.path().isEmpty() || claimed.isEmpty()) {
            return List.of();
        }
        Match listed = Match.all(
                AssetEvents.FILE, Match.is("file.path", file.path().get()), new Match.Has("file.hash.sha256"));
        boolean changeKnown = false;
        Map<String, Hit> others = new LinkedHashMap<>();
        for (Hit hit : events.search(EventFilter.match(listed), Search.Order.NEWEST_FIRST)) {
            TimelineEvent event = AssetEvents.read(hit);
            Optional<Instant> time = event.time().flatMap(EventTime::instant);
            boolean access = event.timestampDesc().equals("Last Access Time");
            boolean after =
                    !access && time.map(when -> !when.isBefore(window.first())).orElse(true);
            boolean same =
                    AssetEvents.text(event, "file.hash.sha256").orElse("").equalsIgnoreCase(claimed);
            changeKnown |= event.timestampDesc().contains("Metadata Modification");
            if (after || same) {
                return List.of();
            }
            others.put(hit.id(), hit);
        }
        return changeKnown ? List.copyOf(others.values()) : List.of();
    }
}
