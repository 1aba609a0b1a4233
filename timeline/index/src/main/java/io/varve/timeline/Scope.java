package io.varve.timeline;

import java.util.List;

/// The indexes one question is asked of. The caller decides which run of an evidence item is the current one.
///
/// A record present in several parts of the same asset is shown once, from the part with the lowest rank; parts of
/// different assets never hide each other. An index that does not exist (yet) counts as empty.
public record Scope(List<Part> parts) {
    /// Most parts one question may span.
    public static final int MOST_PARTS = 1_000;

    /// @param asset identity of the asset the evidence is of
    /// @param rank which copy of a record is shown, lowest first; usually the order of capture
    public record Part(IndexName index, String asset, int rank) {}

    public Scope {
        parts = List.copyOf(parts);
        if (parts.size() > MOST_PARTS) {
            throw new QueryException(
                    "the search spans %d evidence items, %d are allowed".formatted(parts.size(), MOST_PARTS));
        }
    }

    public static Scope of(Part... parts) {
        return new Scope(List.of(parts));
    }
}
