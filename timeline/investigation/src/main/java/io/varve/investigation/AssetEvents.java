package io.varve.investigation;

import io.varve.event.EventJson;
import io.varve.event.TimelineEvent;
import io.varve.timeline.EventFilter;
import io.varve.timeline.Hit;
import io.varve.timeline.Match;
import io.varve.timeline.Scope;
import io.varve.timeline.Search;
import io.varve.timeline.TimelineStore;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The events of one asset, a bounded number per question.
record AssetEvents(TimelineStore store, Scope scope) {
    private static final int MOST_LOOKED_AT = 200;
    /// Names of files as a live host or a file system of a disk states them.
    static final Match FILE =
            Match.any(Match.is("data_type", "linux:file:stat"), Match.is("data_type", "disk:file:stat"));
    static final Match PROCESS = Match.is("data_type", "linux:process:running");

    List<Hit> search(EventFilter filter, Search.Order order) throws IOException {
        return store.search(scope, Search.first(filter, order, MOST_LOOKED_AT)).hits();
    }

    boolean any(Match match) throws IOException {
        return store.search(scope, Search.first(EventFilter.match(match), Search.Order.OLDEST_FIRST, 1))
                        .total()
                > 0;
    }

    static TimelineEvent read(Hit hit) throws IOException {
        return EventJson.read(hit.json());
    }

    static Optional<String> text(TimelineEvent event, String field) {
        return Optional.ofNullable(event.fields().get(field)).map(Object::toString);
    }

    /// When a state of the live host was read; absent for everything else.
    static Optional<Instant> observed(TimelineEvent event) {
        try {
            return text(event, "observed").map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
