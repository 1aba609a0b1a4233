package io.varve.timeline;

import java.time.Instant;
import java.util.Optional;

/// Which events are meant. All parts must hold. With `from` or `to`, undated events are left out.
///
/// @param text query language of `docs/query-language.md`; blank means all
/// @param match a condition built by code, never parsed, so text from an alert cannot change its meaning
/// @param from first instant included
/// @param to first instant no longer included
public record EventFilter(String text, Optional<Match> match, Optional<Instant> from, Optional<Instant> to) {
    public static final EventFilter ALL = text("");

    public static EventFilter text(String text) {
        return new EventFilter(text, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static EventFilter match(Match match) {
        return new EventFilter("", Optional.of(match), Optional.empty(), Optional.empty());
    }

    public EventFilter between(Instant first, Instant end) {
        return new EventFilter(text, match, Optional.of(first), Optional.of(end));
    }

    public EventFilter and(Match more) {
        return new EventFilter(
                text, Optional.of(match.<Match>map(m -> Match.all(m, more)).orElse(more)), from, to);
    }
}
