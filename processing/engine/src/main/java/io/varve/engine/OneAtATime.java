package io.varve.engine;

import io.varve.event.Coverage;
import io.varve.event.TimelineEvent;

/// An output that several threads write to.
record OneAtATime(RunOutput output) implements RunOutput {
    @Override
    public void event(TimelineEvent event) {
        synchronized (output) {
            output.event(event);
        }
    }

    @Override
    public void coverage(Coverage row) {
        synchronized (output) {
            output.coverage(row);
        }
    }

    @Override
    public void progress(long done, long total, String text) {
        synchronized (output) {
            output.progress(done, total, text);
        }
    }
}
