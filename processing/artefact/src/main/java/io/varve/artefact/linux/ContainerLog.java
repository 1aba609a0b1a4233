package io.varve.artefact.linux;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.TextLines;
import io.varve.binary.CorruptException;
import io.varve.disk.EvidenceFile;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Precision;
import io.varve.event.Time;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a container of a Kubernetes pod wrote, each line with the time the node gave it: as the API server hands it out
/// with `timestamps=true` (a capture's `varve/kubernetes/logs`), and as it lies on a node in `/var/log/pods`.
///
/// Format: `TIME TEXT` and `TIME stdout|stderr F|P TEXT`, the time in RFC 3339 with nanoseconds; Kubernetes'
/// `pkg/kubelet/kuberuntime/logs` and the CRI logging design. `P` marks the beginning of a line that was too long.
/// Namespace, pod and its uid are the name of the folder, the container's name that of the folder below.
@AutoService(ArtefactParser.class)
public final class ContainerLog implements ArtefactParser {
    private static final Pattern PATH = Pattern.compile(
            "(?:.*!)?/(?:.*/)?(?:varve/kubernetes/logs|var/log/pods)/([^/_]+)_([^/_]+)_([^/_]+)/([^/]+)/"
                    + "(current|previous|\\d+)\\.log(?:\\.\\d{8}-\\d{6})?");
    private static final Pattern LINE =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\S{9,30}) (?:(stdout|stderr) ([FP])(?: |$))?(.*)", Pattern.DOTALL);

    @DataType("kubernetes:log:line")
    record Line(
            @Time("Recorded Time") EventTime time,
            @Field("kubernetes.namespace") String namespace,
            @Field("kubernetes.pod.name") String pod,
            @Field("kubernetes.pod.uid") String uid,
            @Field("container.name") String container,
            @Field("kubernetes.log.instance") String instance,
            @Field("kubernetes.log.stream") String stream,
            String text)
            implements EventData {
        @Override
        public String message() {
            return "%s/%s %s: %s".formatted(namespace, pod, container, text);
        }
    }

    @Override
    public String name() {
        return "container_log";
    }

    @Override
    public String dataType() {
        return "kubernetes:log";
    }

    @Override
    public int order() {
        // before the parsers that know text by its first lines
        return 50;
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return PATH.matcher(file.path()).matches();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        Matcher place = PATH.matcher(file.path());
        if (!place.matches()) {
            throw new CorruptException("not a container's log");
        }
        TextLines.each(file, sink, line -> {
            if (!line.isBlank()) {
                data(line.text(), place)
                        .ifPresentOrElse(
                                data -> sink.record(line.locator(), data),
                                () -> sink.rejected(line.offset(), "no time at the beginning of the line"));
            }
        });
    }

    private static Optional<EventData> data(String text, Matcher place) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            return Optional.empty();
        }
        Optional<Instant> time = time(line.group(1));
        return time.map(instant -> new Line(
                EventTime.utc(instant, Precision.NANOSECOND),
                place.group(1),
                place.group(2),
                place.group(3),
                place.group(4),
                place.group(5),
                Optional.ofNullable(line.group(2)).orElse(""),
                line.group(4)));
    }

    /// Nodes write it in their own zone.
    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
