package io.varve.engine;

import io.varve.event.Coverage;
import java.util.EnumMap;
import java.util.Map;

/// Sums over the coverage rows of a run, and what they mean for the exit code.
public final class Totals {
    private final Map<Coverage.Status, Long> files = new EnumMap<>(Coverage.Status.class);
    private long found;
    private long parsed;
    private long rejected;
    private long events;
    private long remains;

    synchronized void add(Coverage row) {
        files.merge(row.status(), 1L, Long::sum);
        found += row.found();
        parsed += row.parsed();
        rejected += row.rejected();
        events += row.events();
    }

    /// What is left of a deleted file is a part of it by nature: no failure of the run.
    synchronized void addDeleted(Coverage row) {
        add(row);
        remains += row.status() == Coverage.Status.PARTIAL ? 1 : 0;
    }

    long files() {
        return files.values().stream().mapToLong(Long::longValue).sum();
    }

    long files(Coverage.Status status) {
        return files.getOrDefault(status, 0L);
    }

    long found() {
        return found;
    }

    long parsed() {
        return parsed;
    }

    long rejected() {
        return rejected;
    }

    long events() {
        return events;
    }

    /// 0 everything was read, 1 something could not be read, 3 nothing could be read.
    public int exitCode() {
        long lost = files(Coverage.Status.FAILED);
        if (lost > 0 && lost == files()) {
            return 3;
        }
        return lost + files(Coverage.Status.PARTIAL) - remains > 0 ? 1 : 0;
    }
}
