package io.varve.provider.kubernetes;

import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.collector.CollectorScript;
import io.varve.provider.collector.CollectorScripts;
import io.varve.provider.collector.ContainedCapture;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.archive.AssembledArchive;
import io.varve.provider.collector.archive.Outcome;
import io.varve.provider.collector.profile.Profile;
import io.varve.provider.collector.profile.Profiles;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The running containers of a pod, one after the other: the collector in each that has a shell, an ephemeral container
/// beside the others where that is allowed. What cannot be had is an outcome with its reason, and the rest goes on.
///
/// Steps of each: `container.NAME.way` (`inside FOLDER`, `beside FOLDER EPHEMERAL`, or `none`), those of
/// [ContainedCapture], and `container.NAME.done`.
final class Containers {
    private static final String ARTIFACT = "KubernetesContainer";

    private final CaptureContext context;
    private final Cluster cluster;
    private final Found pod;
    private final Clock clock;
    private final Waiting waiting;
    private final Beside beside;

    Containers(CaptureContext context, Cluster cluster, Found pod, Clock clock, Waiting waiting) {
        this.context = context;
        this.cluster = cluster;
        this.pod = pod;
        this.clock = clock;
        this.waiting = waiting;
        this.beside = new Beside(context, cluster, pod, clock, waiting);
    }

    /// How a container is looked into.
    ///
    /// @param through the container that commands run in
    private record Way(String folder, String through, boolean isBeside) {
        String text() {
            return "%s %s %s".formatted(isBeside ? "beside" : "inside", folder, through);
        }

        static Way read(String step) {
            String[] words = step.split(" ", 3);
            return new Way(words[1], words[2], words[0].equals("beside"));
        }

        UnaryOperator<Profile> fitting() {
            return isBeside ? Beside::fitted : UnaryOperator.identity();
        }
    }

    void collect(AssembledArchive archive, Found.Part part)
            throws ProviderException, InterruptedException, IOException {
        String label = "done/" + part.name();
        if (archive.has(label)) {
            return;
        }
        Outcome outcome = outcome(archive, part);
        try (AssembledArchive.Part last = archive.begin()) {
            last.outcome(outcome);
            last.store(label);
        }
        if (!outcome.status().equals("collected")) {
            context.custody("container.not_collected", "container %s: %s".formatted(part.name(), outcome.reason()));
        }
    }

    private Outcome outcome(AssembledArchive archive, Found.Part part)
            throws ProviderException, InterruptedException, IOException {
        String path = ContainerParts.path(part.name());
        if (!part.isRunning()) {
            return Outcome.missing(path, ARTIFACT, "the container does not run: its files are on the node only");
        }
        try {
            new Pods(cluster).now(pod);
            Way way = way(part);
            run(archive, part, way);
            if (way.isBeside()) {
                end(part, way.through());
            }
            return Outcome.collected(path, ARTIFACT, "");
        } catch (ProviderException e) {
            return switch (e.kind()) {
                case REFUSED, FORBIDDEN, NOT_FOUND -> noted(path, e);
                case OFFLINE, THROTTLED, FAILED, CANCELLED -> throw e;
            };
        }
    }

    /// A capture that is late ends; one container that cannot be looked into does not end it.
    private Outcome noted(String path, ProviderException e) throws ProviderException {
        if (!clock.instant().isBefore(context.deadline())) {
            throw e;
        }
        return Outcome.failed(path, ARTIFACT, e.reason());
    }

    private void run(AssembledArchive archive, Found.Part part, Way way)
            throws ProviderException, InterruptedException {
        var directory = new ContainerDirectory(cluster, pod, part.name(), way.through(), way.folder());
        var own = new ContainerContext(context, part.name(), new ContainerParts(archive, part.name()));
        new ContainedCapture(directory, clock, waiting, way.fitting()).run(own);
    }

    private Way way(Found.Part part) throws ProviderException, InterruptedException, IOException {
        String step = "container.%s.way".formatted(part.name());
        Optional<String> known = context.step(step);
        if (known.isPresent()) {
            return Way.read(known.get());
        }
        Way way = found(part);
        context.completed(step, way.text());
        return way;
    }

    private Way found(Found.Part part) throws ProviderException, InterruptedException, IOException {
        Shell inside =
                Shell.of(new Exec(cluster, pod, part.name()), cluster.settings().workFolder());
        if (inside.isUsable()) {
            return new Way(inside.folder(), part.name(), false);
        }
        Optional<String> image = cluster.settings().image();
        if (image.isEmpty()) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "nothing can be run in it (%s), and ephemeral containers are not used: collector_image is not set"
                            .formatted(inside.lack()));
        }
        if (pod.sharesProcesses()) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "nothing can be run in it (%s), and from an ephemeral container its files cannot be told from the other containers', because the pod shares its processes"
                            .formatted(inside.lack()));
        }
        String through = beside.add(part, image.get());
        Exec exec = new Exec(cluster, pod, through);
        Shell there = Shell.of(exec, cluster.settings().workFolder());
        if (!there.isUsable()) {
            throw new ProviderException(Kind.REFUSED, "collector_image cannot be used: " + there.lack());
        }
        exec.text(1 << 20, "sh", "-c", "cd " + Beside.ROOT + "/ && test -n \"$(ls -A)\"");
        return new Way(there.folder(), through, true);
    }

    private void end(Found.Part part, String through) throws ProviderException, InterruptedException, IOException {
        String step = "container.%s.ended".formatted(part.name());
        if (context.step(step).isPresent()) {
            return;
        }
        beside.end(through);
        context.custody("ephemeral.ended", "nothing runs any more in ephemeral container " + through);
        context.completed(step, through);
    }

    /// Removes collectors that are still there and ends ephemeral containers. A pod that is gone has none.
    void release() throws ProviderException, InterruptedException, IOException {
        for (Found.Part part : pod.parts()) {
            try {
                clean(part);
                Optional<String> added = context.step("container.%s.ephemeral".formatted(part.name()));
                if (added.isPresent()) {
                    end(part, added.get());
                }
            } catch (ProviderException e) {
                if (e.kind() != Kind.NOT_FOUND && e.kind() != Kind.REFUSED) {
                    throw e;
                }
                context.custody("release.gone", "container %s: %s".formatted(part.name(), e.reason()));
            }
        }
    }

    private void clean(Found.Part part) throws ProviderException, InterruptedException, IOException {
        String begun = "container.%s.".formatted(part.name());
        if (context.step(begun + "collector").isEmpty()
                || context.step(begun + "cleaned").isPresent()) {
            return;
        }
        Way way = way(part);
        Profile profile = Profiles.named(context.profile())
                .map(way.fitting())
                .orElseThrow(() -> new ProviderException(Kind.REFUSED, "there is no profile " + context.profile()));
        CollectorScript script = CollectorScripts.of(profile, Platform.LINUX);
        String path = way.folder() + "/" + script.fileName();
        new Exec(cluster, pod, way.through())
                .text(
                        1 << 16,
                        "sh",
                        "-c",
                        "[ ! -f \"$0\" ] || sh \"$0\" clean \"$1\" \"$2\"; rm -f \"$0\"",
                        path,
                        way.folder(),
                        context.capture());
        context.custody("host.cleaned", "container %s: the collector is removed".formatted(part.name()));
        context.completed(begun + "cleaned", "removed at the end");
    }
}
