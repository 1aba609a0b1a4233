package io.varve.engine;

import io.varve.event.Coverage;
import io.varve.event.TimelineEvent;

/// Where a run puts what it finds, as it finds it. A failure to write is an [OutputException]: it ends the run.
public interface RunOutput {
    void event(TimelineEvent event);

    void coverage(Coverage row);

    /// @param total 0 while it is unknown
    void progress(long done, long total, String text);
}
