package io.varve.artefact.linux;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.JsonLine;
import io.varve.artefact.JsonLines;
import io.varve.disk.EvidenceFile;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Precision;
import io.varve.event.Time;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a cluster noted about its pods and their containers: `varve/kubernetes/events.jsonl` and `containers.jsonl` of
/// a
/// capture.
///
/// Format: an `Event` object of the Kubernetes API (core/v1) a line, as the API server sent it; containers as
/// docs/formats-capture.md says.
@AutoService(ArtefactParser.class)
public final class PodState implements ArtefactParser {
    private static final Pattern PATH = Pattern.compile("(.*!)?/varve/kubernetes/(events|containers)\\.jsonl");

    /// Something the cluster did or saw, once or repeatedly.
    @DataType("kubernetes:event:noted")
    record Noted(
            @Time("First Time") Optional<EventTime> first,
            @Time("Last Time") Optional<EventTime> last,
            @Field("event.reason") String reason,
            @Field("kubernetes.event.type") String type,
            @Field("kubernetes.event.count") Optional<Long> count,
            @Field("kubernetes.object.kind") String kind,
            @Field("kubernetes.object.name") String name,
            @Field("kubernetes.namespace") String namespace,
            @Field("kubernetes.pod.uid") String uid,
            @Field("kubernetes.event.component") String component,
            @Field("kubernetes.node.name") String node,
            String text)
            implements EventData {
        @Override
        public String message() {
            return "%s %s/%s: %s: %s".formatted(kind, namespace, name, reason, text);
        }
    }

    /// A container's run, the present one or the one before its last restart.
    @DataType("kubernetes:container:run")
    record Run(
            @Time("Start Time") Optional<EventTime> started,
            @Time("End Time") Optional<EventTime> finished,
            @Field("kubernetes.namespace") String namespace,
            @Field("kubernetes.pod.name") String pod,
            @Field("kubernetes.pod.uid") String uid,
            @Field("kubernetes.node.name") String node,
            @Field("container.name") String container,
            @Field("container.id") String id,
            @Field("container.image.name") String image,
            @Field("container.image.id") String imageId,
            @Field("kubernetes.container.state") String state,
            @Field("kubernetes.container.restarts") Optional<Long> restarts,
            @Field("process.exit_code") Optional<Long> exitCode,
            @Field("event.reason") String reason)
            implements EventData {
        @Override
        public String message() {
            return "Container %s of %s/%s (%s): %s%s"
                    .formatted(
                            container,
                            namespace,
                            pod,
                            image,
                            state.isEmpty() ? "state unknown" : state,
                            exitCode.map(code -> ", exit code " + code).orElse("")
                                    + (reason.isEmpty() ? "" : ", " + reason));
        }
    }

    @Override
    public String name() {
        return "pod_state";
    }

    @Override
    public String dataType() {
        return "kubernetes:state";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return PATH.matcher(file.path()).matches();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        boolean events = file.name().equals("events.jsonl");
        JsonLines.read(file, sink, (line, raw) -> sink.record(raw.locator(), events ? noted(line) : run(line)));
    }

    private static EventData noted(JsonLine line) {
        Optional<EventTime> first = first(line, "firstTimestamp", "eventTime", "metadata.creationTimestamp");
        Optional<EventTime> last = first(line, "lastTimestamp", "series.lastObservedTime");
        return new Noted(
                first,
                last.filter(time -> !Optional.of(time).equals(first)),
                line.text("reason"),
                line.text("type"),
                line.number("count").or(() -> line.number("series.count")),
                line.required("involvedObject.kind"),
                line.text("involvedObject.name"),
                line.text("involvedObject.namespace"),
                line.text("involvedObject.uid"),
                line.optional("source.component").orElseGet(() -> line.text("reportingComponent")),
                line.text("source.host"),
                line.text("message"));
    }

    private static Optional<EventTime> first(JsonLine line, String... names) {
        for (String name : names) {
            Optional<EventTime> time = line.time(name, Precision.MICROSECOND);
            if (time.isPresent()) {
                return time;
            }
        }
        return Optional.empty();
    }

    private static EventData run(JsonLine line) {
        return new Run(
                line.time("started", Precision.SECOND),
                line.time("finished", Precision.SECOND),
                line.text("namespace"),
                line.text("pod"),
                line.text("uid"),
                line.text("node"),
                line.required("container"),
                line.text("container_id"),
                line.text("image"),
                line.text("image_id"),
                line.text("state"),
                line.number("restarts"),
                line.number("exit_code"),
                line.text("reason"));
    }
}
