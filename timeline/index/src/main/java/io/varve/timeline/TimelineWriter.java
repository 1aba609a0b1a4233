package io.varve.timeline;

import io.varve.event.EventJson;
import io.varve.event.TimelineEvent;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// Writes the events of one run. Used by one thread.
///
/// Only what was committed exists: after a crash, or [#close] without [#commit], the index stands at the last commit
/// and the caller sends everything after [#checkpoint] again. An event whose id is already there replaces it, so
/// sending twice never doubles.
public interface TimelineWriter extends Closeable {
    /// The last commit; empty for a new index.
    Optional<Checkpoint> checkpoint();

    /// Adds one event given as its line of JSON. The line is stored as it is.
    ///
    /// @throws IllegalArgumentException when the line is not an event
    /// @throws IOException when the index cannot be written, e.g. the disk is full: then close and open again
    void add(String line) throws IOException;

    default void add(TimelineEvent event) throws IOException {
        add(EventJson.write(event));
    }

    /// Makes everything added so far durable and visible to readers, also in other processes. Call it every second or
    /// two while a job runs, and at its end.
    ///
    /// @param position where to go on from after a crash
    Checkpoint commit(String position) throws IOException;

    /// Drops what was not committed.
    @Override
    void close() throws IOException;
}
