package io.varve.provider.kubernetes;

import com.google.auto.service.AutoService;
import io.varve.provider.CaptureContext;
import io.varve.provider.Check;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.Preflight;
import io.varve.provider.Provider;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.collector.archive.AssembledArchive;
import io.varve.provider.collector.profile.Profiles;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Captures a pod through its cluster's API server: what the server knows of it, what its containers wrote, and from
/// each running container what the profile names. See docs/providers/kubernetes.md.
@AutoService(Provider.class)
public final class KubernetesProvider implements Provider {
    static final String NAME = "kubernetes";

    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);

    private final Clock clock;
    private final Waiting waiting;

    public KubernetesProvider() {
        this(Clock.systemUTC(), Thread::sleep);
    }

    KubernetesProvider(Clock clock, Waiting waiting) {
        this.clock = clock;
        this.waiting = waiting;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> reaches() {
        return List.of("instance_id");
    }

    @Override
    public void capture(CaptureContext context) throws ProviderException, InterruptedException {
        if (Profiles.named(context.profile()).isEmpty()) {
            throw new ProviderException(Kind.REFUSED, "there is no profile " + context.profile());
        }
        if (context.step("collected").isPresent()) {
            return;
        }
        proceed(context);
        try (Cluster cluster = Cluster.of(context.connection())) {
            collect(context, cluster);
        } catch (IOException e) {
            throw new ProviderException(
                    Kind.FAILED, "the capture cannot be stored: " + e.getMessage(), Optional.of(TRY_AGAIN));
        }
    }

    private void collect(CaptureContext context, Cluster cluster)
            throws ProviderException, InterruptedException, IOException {
        Found pod = found(context, cluster);
        var archive = new AssembledArchive(context, Instant.parse(pod.at()));
        if (!archive.has(PodState.LABEL)) {
            context.progress(0, 0, "reading what the cluster knows of " + pod.text());
            new PodState(context, cluster, pod).collect(archive);
        }
        new PodLogs(context, cluster, pod).collect(archive, () -> proceed(context));
        var containers = new Containers(context, cluster, pod, clock, waiting);
        for (Found.Part part : wanted(context, pod)) {
            proceed(context);
            containers.collect(archive, part);
        }
        if (!archive.has("end")) {
            archive.finish(footprint(context, pod));
        }
        String next = context.step("node").map(node -> "; node: " + node).orElse("");
        context.progress(archive.bytes(), archive.bytes(), "all of %s is here%s".formatted(pod.text(), next));
        context.completed(
                "collected", "%d parts, %d bytes%s".formatted(archive.labels().size(), archive.bytes(), next));
    }

    private Found found(CaptureContext context, Cluster cluster)
            throws ProviderException, InterruptedException, IOException {
        Optional<String> done = context.step("pod");
        if (done.isPresent()) {
            return Found.read(done.get());
        }
        Found pod = new Pods(cluster).find(context.target(), clock.instant());
        context.custody(
                "pod.found",
                "%s, uid %s, on node %s, containers %s, as %s"
                        .formatted(
                                pod.text(),
                                pod.uid(),
                                pod.node().isEmpty() ? "(none yet)" : pod.node(),
                                pod.parts().stream().map(Found.Part::name).toList(),
                                pod.caller()));
        context.completed("pod", pod.write());
        return pod;
    }

    private static List<Found.Part> wanted(CaptureContext context, Found pod) throws ProviderException {
        Optional<String> container = PodName.of(context.target()).container();
        return pod.parts().stream()
                .filter(part -> container.isEmpty() || container.get().equals(part.name()))
                .filter(part -> !part.name().startsWith("varve-"))
                .toList();
    }

    private Map<String, Object> footprint(CaptureContext context, Found pod) {
        var written = new ArrayList<String>();
        for (Found.Part part : pod.parts()) {
            context.step("container.%s.started".formatted(part.name()))
                    .ifPresent(started -> written.add(
                            "collector and parts in container %s, removed at the end".formatted(part.name())));
            context.step("container.%s.ephemeral".formatted(part.name()))
                    .ifPresent(name -> written.add(
                            "ephemeral container %s in the pod's specification, which stays".formatted(name)));
        }
        var footprint = new LinkedHashMap<String, Object>();
        footprint.put("written", written);
        footprint.put(
                "processes_started",
                written.isEmpty() ? List.of() : List.of("sh and the tools of the container, see the archive of each"));
        footprint.put("network", List.of());
        if (context.step("ended").isEmpty()) {
            context.completed("ended", clock.instant().toString());
        }
        footprint.put("ended", context.step("ended").orElse(""));
        return footprint;
    }

    private void proceed(CaptureContext context) throws ProviderException {
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled");
        }
        if (!clock.instant().isBefore(context.deadline())) {
            throw new ProviderException(Kind.REFUSED, "not done by " + context.deadline());
        }
    }

    /// Nothing of ours goes on running in the pod.
    @Override
    public void release(CaptureContext context) throws ProviderException, InterruptedException, IOException {
        Optional<String> found = context.step("pod");
        if (found.isEmpty() || context.step("released").isPresent()) {
            return;
        }
        try (Cluster cluster = Cluster.of(context.connection())) {
            new Containers(context, cluster, Found.read(found.get()), clock, waiting).release();
        }
        context.completed("released", "nothing of the capture runs in the pod");
    }

    @Override
    public Optional<Preflight> preflight(Connection connection, String target, String profile)
            throws ProviderException, InterruptedException {
        try (Cluster cluster = Cluster.of(connection)) {
            Found pod = new Pods(cluster).find(target, clock.instant());
            var checks = new ArrayList<Check>();
            for (Found.Part part : pod.parts()) {
                checks.add(Check.ok(
                        "container " + part.name(),
                        "its log" + (part.isRunning() ? " and its files" : ""),
                        "%s, %s, image %s"
                                .formatted(part.kind(), part.isRunning() ? "running" : "ended", part.image())));
            }
            checks.addAll(new Rights(cluster).of(pod.namespace()));
            return Optional.of(new Preflight(
                    Optional.of(pod.name()),
                    Optional.of("linux"),
                    List.of(),
                    Optional.of(pod.parts().stream().anyMatch(Found.Part::isRunning)),
                    Containment.UNKNOWN,
                    checks,
                    touches(cluster.settings(), profile)));
        }
    }

    private static List<String> touches(Settings settings, String profile) {
        return List.of(
                "The API server is asked for the pod, its events, owners, node and logs; Secrets are never asked for.",
                "In each running container a shell script reads what the profile %s names and writes parts into a folder below /tmp, /var/tmp or /dev/shm; it is removed at the end. Each command is in the cluster's audit log."
                        .formatted(profile),
                settings.image()
                        .map(image ->
                                "Beside a container without a shell an ephemeral container of image %s is added; it stays in the pod's specification."
                                        .formatted(image))
                        .orElse(
                                "Containers without a shell are not looked into: no image for ephemeral containers is set."),
                "Nothing is deleted, evicted, labelled or isolated.");
    }
}
