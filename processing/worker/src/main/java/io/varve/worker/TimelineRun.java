package io.varve.worker;

import io.varve.database.EvidenceItems;
import io.varve.database.Job;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.ObjectStore;
import io.varve.timeline.IndexName;
import io.varve.timeline.TimelineStore;
import io.varve.timeline.TimelineWriter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// What one engine run leaves: sealed segments of events and coverage, an index that can be searched while it grows.
final class TimelineRun implements EngineRun.Listener, AutoCloseable {
    private static final Duration COMMIT = Duration.ofSeconds(1);

    private final EvidenceKey evidence;
    private final EvidenceItems items;
    private final JobLog jobs;
    private final Job job;
    private final Runnable firstEvents;
    private final TimelineWriter index;
    private final Segments segments;
    private final Segments coverageRows;
    private final CoverageSummary coverage = new CoverageSummary();
    private long events;
    private long committed = -1;
    private long lastCommit = System.nanoTime();
    private long done;
    private long total;
    private String text = "";

    TimelineRun(
            EvidenceKey evidence,
            int run,
            ObjectStore objects,
            TimelineStore timeline,
            EvidenceItems items,
            JobLog jobs,
            Job job,
            Runnable firstEvents,
            Clock clock)
            throws IOException {
        this.evidence = evidence;
        this.items = items;
        this.jobs = jobs;
        this.job = job;
        this.firstEvents = firstEvents;
        this.segments = new Segments(objects, evidence, "runs/%d/events".formatted(run));
        this.coverageRows = new Segments(objects, evidence, "runs/%d/coverage".formatted(run));
        this.index = timeline.open(new IndexName(evidence.organisation(), evidence.id(), Integer.toString(run)));
    }

    @Override
    public void events(List<String> lines) throws IOException {
        for (String line : lines) {
            segments.add(line);
            index.add(line);
        }
        events += lines.size();
    }

    @Override
    public void coverage(List<String> lines) throws IOException {
        for (String line : lines) {
            coverageRows.add(line);
            coverage.add(line);
        }
    }

    @Override
    public void progress(long bytesDone, long bytesTotal, String what) {
        done = bytesDone;
        total = bytesTotal;
        text = what;
    }

    @Override
    public boolean tick() throws IOException {
        if (System.nanoTime() - lastCommit < COMMIT.toNanos()) {
            return true;
        }
        commit();
        items.progress(evidence, events, done, total, text);
        jobs.progress(job, done, total, text);
        return !jobs.cancelRequested(job);
    }

    private void commit() throws IOException {
        if (events != committed) {
            index.commit(Long.toString(events));
            committed = events;
            if (events > 0) {
                firstEvents.run();
            }
        }
        lastCommit = System.nanoTime();
    }

    /// Seals segments and coverage, commits the index.
    void finish() throws IOException {
        commit();
        segments.finish();
        coverageRows.finish();
    }

    long events() {
        return events;
    }

    String coverage() {
        return coverage.json();
    }

    /// One sentence on how it went.
    String summary(int exit) {
        return exit == 0
                ? "%,d events".formatted(events)
                : "%,d events; %,d files could not be read whole, see the coverage"
                        .formatted(events, coverage.damaged());
    }

    @Override
    public void close() throws IOException {
        index.close();
    }
}
