package io.varve.engine;

import io.varve.artefact.EventSink;
import io.varve.event.EventData;
import io.varve.event.Location;
import io.varve.event.RecordLocator;
import io.varve.event.TimelineEvent;
import io.varve.event.Timeliner;
import java.util.OptionalLong;

/// What one parser makes of one file: counts its records and passes its events on.
final class Ledger implements EventSink {
    private final Location file;
    private final Timeliner timeliner;
    private final RunOutput output;
    private final Warnings warnings;
    private long parsed;
    private long rejected;
    private long events;

    Ledger(Location file, Timeliner timeliner, RunOutput output, Warnings warnings) {
        this.file = file;
        this.timeliner = timeliner;
        this.output = output;
        this.warnings = warnings;
    }

    @Override
    public void record(RecordLocator where, EventData... data) {
        Location location = file.at(where);
        for (EventData one : data) {
            for (TimelineEvent event : timeliner.events(location, one)) {
                output.event(event);
                events++;
            }
        }
        parsed++;
    }

    @Override
    public void rejected(long offset, String reason) {
        rejected++;
        warnings.add(offset, reason);
    }

    @Override
    public void warning(long offset, String reason) {
        warnings.add(offset, reason);
    }

    void failed(String reason) {
        warnings.add(OptionalLong.empty(), reason);
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
}
