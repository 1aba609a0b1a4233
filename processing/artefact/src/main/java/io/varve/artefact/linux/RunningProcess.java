package io.varve.artefact.linux;

import io.varve.artefact.EvidenceContext;
import io.varve.artefact.JsonLine;
import io.varve.binary.CorruptException;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Precision;
import io.varve.event.Time;
import java.util.Optional;

/// A process that ran while the host was captured.
@DataType("linux:process:running")
record RunningProcess(
        @Time("Process Start Time") Optional<EventTime> started,
        @Field("process.pid") long pid,
        @Field("process.parent.pid") Optional<Long> parent,
        @Field("process.name") String name,
        @Field("process.command_line") String commandLine,
        @Field("process.executable") String executable,
        @Field("process.hash.sha256") String sha256,
        @Field("process.executable_deleted") boolean deleted,
        @Field("process.working_directory") String cwd,
        @Field("user.id") String uid,
        @Field("user.name") Optional<String> user,
        @Field("process.session_leader.pid") Optional<Long> session,
        @Field("process.cgroup") String cgroup,
        @Field("container.id") String container,
        @Field("observed") String observed)
        implements EventData {
    static RunningProcess of(JsonLine line, EvidenceContext context) {
        return new RunningProcess(
                line.time("start_time", Precision.MILLISECOND),
                line.number("pid").orElseThrow(() -> new CorruptException("no pid")),
                line.number("ppid"),
                line.text("name"),
                line.text("command_line"),
                line.text("executable"),
                line.text("sha256"),
                line.isTrue("deleted"),
                line.text("cwd"),
                line.text("uid"),
                VolatileState.user(line, context),
                line.number("session"),
                line.text("cgroup"),
                line.text("container"),
                line.text("observed"));
    }

    @Override
    public String message() {
        String what = commandLine.isEmpty() ? name : commandLine;
        String gone = deleted ? ", its executable %s is deleted".formatted(executable) : "";
        String whose = user.map(u -> " as " + u).orElse("");
        return "Process %d ran%s: %s%s".formatted(pid, whose, what, gone);
    }
}
