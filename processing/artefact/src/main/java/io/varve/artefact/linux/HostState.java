package io.varve.artefact.linux;

import io.varve.artefact.JsonLine;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Precision;
import io.varve.event.Time;
import java.util.Optional;

/// What a captured host had loaded, mounted, logged on and contained.
sealed interface HostState extends EventData {
    /// A kernel module.
    @DataType("linux:kernel:module")
    record Module(
            @Time("Observed") Optional<EventTime> observed,
            @Field("kernel.module.name") String name,
            @Field("kernel.module.size") Optional<Long> size,
            @Field("kernel.module.used_by") String usedBy,
            @Field("kernel.module.state") String state)
            implements HostState {
        @Override
        public String message() {
            return "Kernel module %s was loaded%s".formatted(name, usedBy.isEmpty() ? "" : ", used by " + usedBy);
        }
    }

    /// A mounted file system.
    @DataType("linux:mount:entry")
    record Mount(
            @Time("Observed") Optional<EventTime> observed,
            @Field("mount.source") String source,
            @Field("mount.target") String target,
            @Field("mount.type") String type,
            @Field("mount.options") String options)
            implements HostState {
        @Override
        public String message() {
            return "%s was mounted at %s (%s)".formatted(source, target, type);
        }
    }

    /// A user's session.
    @DataType("linux:session:active")
    record Session(
            @Time("Logon Time") Optional<EventTime> since,
            @Field("session.id") String id,
            @Field("user.name") String user,
            @Field("terminal") String terminal,
            @Field("source.address") Optional<String> address,
            @Field("source.ip") Optional<String> ip,
            @Field("observed") String observed)
            implements HostState {
        @Override
        public String message() {
            return "%s was logged on at %s%s".formatted(user, terminal, new Origin(address, ip).phrase());
        }
    }

    /// A container, running where it has a process.
    @DataType("linux:container:running")
    record Container(
            @Time("Observed") Optional<EventTime> observed,
            @Field("container.id") String id,
            @Field("container.runtime") String runtime,
            @Field("container.name") String name,
            @Field("container.image.name") String image,
            @Field("process.pid") Optional<Long> pid)
            implements HostState {
        @Override
        public String message() {
            String shown = name.isEmpty() ? id : name;
            return pid.isPresent()
                    ? "Container %s (%s) ran, process %d".formatted(shown, runtime, pid.get())
                    : "Container %s (%s) existed and did not run".formatted(shown, runtime);
        }
    }

    private static Optional<EventTime> observed(JsonLine line) {
        return line.time("observed", Precision.NANOSECOND);
    }

    static HostState module(JsonLine line) {
        return new Module(
                observed(line), line.required("name"), line.number("size"), line.text("used_by"), line.text("state"));
    }

    static HostState mount(JsonLine line) {
        return new Mount(
                observed(line), line.text("source"), line.required("target"), line.text("type"), line.text("options"));
    }

    static HostState session(JsonLine line) {
        Origin origin = Origin.of(line.text("remote"));
        return new Session(
                line.time("since", Precision.MICROSECOND),
                line.text("id"),
                line.required("user"),
                line.text("tty"),
                origin.address(),
                origin.ip(),
                line.text("observed"));
    }

    static HostState container(JsonLine line) {
        return new Container(
                observed(line),
                line.required("id"),
                line.text("runtime"),
                line.text("name"),
                line.text("image"),
                line.number("pid"));
    }
}
