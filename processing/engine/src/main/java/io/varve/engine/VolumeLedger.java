package io.varve.engine;

import io.varve.artefact.EvidenceContext;
import io.varve.disk.Entry;
import io.varve.disk.Entry.Origin;
import io.varve.disk.Entry.Times;
import io.varve.event.Coverage;
import io.varve.event.Coverage.Status;
import io.varve.event.Location;
import io.varve.event.TimelineEvent;
import io.varve.event.Timeliner;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/// The names of one file system as events, and their row in the coverage: a name is a record, one whose metadata cannot
/// be read is a warning of its folder. Several threads may tell of names.
final class VolumeLedger {
    static final String PARSER = "file_system";

    private final String evidence;
    private final String volume;
    private final String type;
    private final Timeliner timeliner;
    private final EvidenceContext context;
    private final RunOutput output;
    private final AtomicLong names = new AtomicLong();
    private final AtomicLong events = new AtomicLong();

    VolumeLedger(
            String evidence,
            String volume,
            String type,
            Timeliner timeliner,
            EvidenceContext context,
            RunOutput output) {
        this.evidence = evidence;
        this.volume = volume;
        this.type = type;
        this.timeliner = timeliner;
        this.context = context;
        this.output = output;
    }

    void name(Entry entry, Origin origin, Optional<String> sha256) {
        if (entry.path().equals("/") && entry.times().equals(Times.NONE)) {
            return;
        }
        FileStat stat = FileStat.of(entry, origin, context, sha256);
        Location location = new Location(
                        evidence,
                        entry.volume(),
                        entry.path(),
                        origin.stream(),
                        entry.inode(),
                        OptionalLong.empty(),
                        Optional.empty())
                .at(stat.locator());
        for (TimelineEvent event : timeliner.events(location, stat)) {
            output.event(event);
            events.incrementAndGet();
        }
        names.incrementAndGet();
    }

    Coverage row(Warnings warnings, boolean damaged) {
        long found = names.get();
        return new Coverage(
                evidence,
                Optional.of(volume),
                "/",
                0,
                Optional.empty(),
                Optional.of(PARSER),
                Optional.of("application/x-filesystem; type=" + type),
                damaged ? found == 0 ? Status.FAILED : Status.PARTIAL : Status.PARSED,
                found,
                found,
                0,
                events.get(),
                warnings.list());
    }
}
