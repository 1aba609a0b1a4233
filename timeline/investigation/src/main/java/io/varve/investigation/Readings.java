package io.varve.investigation;

import io.varve.event.Coverage;
import io.varve.event.EventTime;
import io.varve.investigation.Corroboration.Reading;
import io.varve.investigation.Corroboration.Status;
import io.varve.timeline.EventFilter;
import io.varve.timeline.Hit;
import io.varve.timeline.Search;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Judges how well each source was read for the time an alert is about.
final class Readings {
    private final AssetEvents events;
    private final AssetEvidence evidence;
    private final Window window;
    private final Map<Source, Reading> known = new EnumMap<>(Source.class);

    Readings(AssetEvents events, AssetEvidence evidence, Window window) {
        this.events = events;
        this.evidence = evidence;
        this.window = window;
    }

    Reading of(Source source) throws IOException {
        Reading reading = known.get(source);
        if (reading == null) {
            reading = judge(source);
            known.put(source, reading);
        }
        return reading;
    }

    private Reading judge(Source source) throws IOException {
        List<AssetEvidence.FileRead> files = evidence.items().stream()
                .flatMap(item -> item.files().stream())
                .filter(file -> source.isIn(file.path()))
                .toList();
        if (files.isEmpty()) {
            return new Reading(source, Status.NOT_COLLECTED, "not captured");
        }
        if (files.stream().allMatch(file -> file.status() == Coverage.Status.EMPTY)) {
            return new Reading(source, Status.PARTIAL, "captured, but empty");
        }
        boolean read = files.stream().anyMatch(file -> isRead(file.status()));
        if (!read) {
            return new Reading(source, Status.NOT_COLLECTED, "captured, but it could not be read");
        }
        boolean gap = files.stream().anyMatch(file -> !isRead(file.status()) && file.status() != Coverage.Status.EMPTY);
        if (gap || files.stream().anyMatch(file -> file.status() == Coverage.Status.PARTIAL)) {
            return new Reading(source, Status.PARTIAL, "captured, but a part could not be read");
        }
        return source.kind == Source.Kind.SNAPSHOT ? snapshot(source) : log(source);
    }

    private static boolean isRead(Coverage.Status status) {
        return status == Coverage.Status.PARSED || status == Coverage.Status.PARTIAL;
    }

    /// A snapshot counts when one was taken in the window of the alert.
    private Reading snapshot(Source source) {
        boolean inWindow = evidence.items().stream()
                .filter(item ->
                        item.files().stream().anyMatch(file -> source.isIn(file.path()) && isRead(file.status())))
                .anyMatch(item ->
                        !item.ended().isBefore(window.from()) && !item.begun().isAfter(window.to()));
        return inWindow
                ? new Reading(source, Status.READ, "")
                : new Reading(source, Status.PARTIAL, "taken outside the time of the alert");
    }

    /// A log counts when it begins before the alert and was captured after it.
    private Reading log(Source source) throws IOException {
        boolean capturedAfter = evidence.items().stream()
                .filter(item ->
                        item.files().stream().anyMatch(file -> source.isIn(file.path()) && isRead(file.status())))
                .anyMatch(item -> !item.ended().isBefore(window.last()));
        if (!capturedAfter) {
            return new Reading(source, Status.PARTIAL, "captured before the end of the alert");
        }
        Optional<Instant> begin = firstEvent(source);
        if (begin.isEmpty()) {
            return new Reading(source, Status.PARTIAL, "captured, but without a dated entry");
        }
        return begin.get().isAfter(window.first())
                ? new Reading(source, Status.PARTIAL, "begins after the alert, at " + begin.get())
                : new Reading(source, Status.READ, "");
    }

    private Optional<Instant> firstEvent(Source source) throws IOException {
        List<Hit> hits = events.search(EventFilter.match(source.events()), Search.Order.OLDEST_FIRST);
        return hits.isEmpty()
                ? Optional.empty()
                : AssetEvents.read(hits.getFirst()).time().flatMap(EventTime::instant);
    }
}
