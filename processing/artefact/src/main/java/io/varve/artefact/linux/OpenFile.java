package io.varve.artefact.linux;

import io.varve.artefact.JsonLine;
import io.varve.binary.CorruptException;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Precision;
import io.varve.event.Time;
import java.util.Optional;

/// A file, pipe or socket that a process held open while the host was captured.
@DataType("linux:process:open_file")
record OpenFile(
        @Time("Observed") Optional<EventTime> observed,
        @Field("process.pid") long pid,
        @Field("process.name") Optional<String> process,
        @Field("process.executable") Optional<String> executable,
        @Field("user.name") Optional<String> user,
        @Field("file.descriptor") Optional<Long> descriptor,
        @Field("file.path") String path,
        @Field("file.deleted") boolean deleted)
        implements EventData {
    static OpenFile of(JsonLine line, VolatileState.Owner owner) {
        return new OpenFile(
                line.time("observed", Precision.NANOSECOND),
                line.number("pid").orElseThrow(() -> new CorruptException("no pid")),
                owner.name(),
                owner.executable(),
                owner.user(),
                line.number("fd"),
                line.required("path"),
                line.isTrue("deleted"));
    }

    @Override
    public String message() {
        return "%s (process %d) had %s%s open"
                .formatted(process.orElse("A process"), pid, path, deleted ? ", which is deleted," : "");
    }
}
