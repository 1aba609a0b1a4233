package io.varve.investigation;

import io.varve.timeline.Hit;
import java.util.List;

/// What the evidence of an asset says about one alert.
///
/// @param reason one or two sentences for the analyst
/// @param events the events behind the state, at most [#MOST_EVENTS]
/// @param sources the sources that could hold what the alert claims, and how well they were read
public record Corroboration(State state, String reason, List<Hit> events, List<Reading> sources) {
    public static final int MOST_EVENTS = 20;

    /// In words of the REST contract: the name in lower case.
    public enum State {
        /// Events on the asset, in the window, match a strong entity of the alert.
        CONFIRMED,
        /// A source that must hold it was read and says otherwise.
        CONTRADICTED,
        /// A source that must hold it was read over the window, and nothing is there.
        NOT_SEEN,
        /// No such source was captured, or it has a gap.
        NOT_COLLECTED
    }

    public enum Status {
        READ,
        PARTIAL,
        NOT_COLLECTED
    }

    /// How well one source was read, for the time the alert is about.
    ///
    /// @param detail why it is not fully read; empty when it is
    public record Reading(Source source, Status status, String detail) {}

    public Corroboration {
        events = List.copyOf(events.subList(0, Math.min(events.size(), MOST_EVENTS)));
        sources = List.copyOf(sources);
    }
}
