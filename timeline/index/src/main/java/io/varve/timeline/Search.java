package io.varve.timeline;

import java.util.Optional;

/// One page of events asked for.
///
/// @param limit events on the page, 1 to [#MOST]
/// @param cursor [Page#next] of the page before
public record Search(EventFilter filter, Order order, int limit, Optional<String> cursor) {
    /// Most events on one page.
    public static final int MOST = 1_000;

    /// By time, then by event id. Undated events come last in both.
    public enum Order {
        OLDEST_FIRST,
        NEWEST_FIRST
    }

    public Search {
        if (limit < 1 || limit > MOST) {
            throw new QueryException("limit must be between 1 and " + MOST);
        }
    }

    public static Search first(EventFilter filter, Order order, int limit) {
        return new Search(filter, order, limit, Optional.empty());
    }
}
