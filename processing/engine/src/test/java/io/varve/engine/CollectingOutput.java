package io.varve.engine;

import io.varve.event.Coverage;
import io.varve.event.TimelineEvent;
import java.util.ArrayList;
import java.util.List;

/// Keeps what a run puts out.
final class CollectingOutput implements RunOutput {
    final List<TimelineEvent> events = new ArrayList<>();
    final List<Coverage> rows = new ArrayList<>();

    @Override
    public void event(TimelineEvent event) {
        events.add(event);
    }

    @Override
    public void coverage(Coverage row) {
        rows.add(row);
    }

    @Override
    public void progress(long done, long total, String text) {}

    Coverage row(String path) {
        return rows.stream()
                .filter(row -> row.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row for " + path + " in " + rows));
    }
}
