package io.varve.database;

import io.varve.acquisition.model.Organisation;
import java.time.Instant;
import java.util.Optional;

/// One unit a worker runs, as people see it. db-scheduler's own row makes it run; this one says what became of it.
///
/// @param kind name of its task, e.g. `run-capture`
/// @param subject what it works on: an alert, capture or evidence id
/// @param text what is happening, or why it ended as it did
/// @param checkpoint where an interrupted job goes on
/// @param attempts how often it was started
public record Job(
        JobId id,
        Organisation organisation,
        String kind,
        String subject,
        State state,
        long done,
        long total,
        String text,
        Optional<String> checkpoint,
        boolean cancelRequested,
        int attempts,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt) {
    public enum State {
        QUEUED,
        RUNNING,
        DONE,
        FAILED,
        CANCELLED
    }

    public static Job queued(Organisation organisation, String kind, String subject, Instant at) {
        return new Job(
                JobId.mint(),
                organisation,
                kind,
                subject,
                State.QUEUED,
                0,
                0,
                "",
                Optional.empty(),
                false,
                0,
                at,
                Optional.empty(),
                Optional.empty());
    }
}
