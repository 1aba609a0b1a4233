package io.varve.timeline;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keeps the events of every evidence item and run, and answers questions over any set of them.
///
/// One process writes an index at a time; any number read, and see what was committed. Every read method throws
/// [QueryException] when the question is wrong or too costly. Safe for use by many threads.
public interface TimelineStore extends Closeable {
    /// Opens an index for writing, making it when it does not exist.
    ///
    /// @throws IOException also when another process is writing it
    TimelineWriter open(IndexName index) throws IOException;

    /// The last commit of an index; empty when there is none.
    Optional<Checkpoint> checkpoint(IndexName index) throws IOException;

    /// The runs there are of one evidence item.
    List<IndexName> runs(String organisation, String evidence) throws IOException;

    /// Removes an index; nothing happens when there is none.
    void delete(IndexName index) throws IOException;

    Page search(Scope scope, Search search) throws IOException;

    /// Counts of the most frequent values of fields out of [FacetValue#FIELDS], most frequent first.
    ///
    /// @param size values per field, 1 to 1,000
    Map<String, List<FacetValue>> facets(Scope scope, EventFilter filter, List<String> fields, int size)
            throws IOException;

    /// Events over time in at most `buckets` buckets of a round width, over the filter's range, or over the times of
    /// the events where it is open.
    Histogram histogram(Scope scope, EventFilter filter, int buckets) throws IOException;

    /// One event by its id, also when another copy of the same record is shown in its place.
    Optional<Hit> event(Scope scope, String id) throws IOException;

    /// Every copy of one record in the scope, by its record key: what an event is "also in".
    List<Hit> copies(Scope scope, String record) throws IOException;
}
