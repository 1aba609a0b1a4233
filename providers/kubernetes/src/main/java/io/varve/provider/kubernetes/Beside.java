package io.varve.provider.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.evidence.Digest;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.collector.profile.Profile;
import io.varve.provider.collector.profile.Profile.Artifact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// An ephemeral container beside one that has no shell: it sees that container's processes, and its files below
/// `/proc/1/root`.
///
/// It stays in the pod's specification for as long as the pod lives, because Kubernetes lets nobody take it out; what
/// runs in it is ended. It is found again by its name, which follows from the capture.
final class Beside {
    static final String ROOT = "/proc/1/root";

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration START = Duration.ofMinutes(3);
    private static final String MARK = "VARVE_EPHEMERAL";
    private static final String HOMES = "%%users.homedir%%";

    /// Ends the processes of the ephemeral container, which alone have the mark in their environment.
    private static final String END =
            "for p in /proc/[0-9]*; do if tr '\\0' '\\n' <\"$p/environ\" 2>/dev/null | grep -qx \"" + MARK
                    + "=$0\"; then [ \"${p#/proc/}\" = $$ ] || kill \"${p#/proc/}\" 2>/dev/null; fi; done; exit 0";

    private final CaptureContext context;
    private final Cluster cluster;
    private final Found pod;
    private final Clock clock;
    private final Waiting waiting;

    Beside(CaptureContext context, Cluster cluster, Found pod, Clock clock, Waiting waiting) {
        this.context = context;
        this.cluster = cluster;
        this.pod = pod;
        this.clock = clock;
        this.waiting = waiting;
    }

    String name(String container) {
        String hex = Digest.of((context.capture() + ":" + container).getBytes(StandardCharsets.UTF_8))
                .hex();
        return "varve-" + hex.substring(0, 10);
    }

    /// Adds it, once, and waits until it runs.
    ///
    /// @return its name
    String add(Found.Part target, String image) throws ProviderException, InterruptedException, IOException {
        String name = name(target.name());
        String step = "container.%s.ephemeral".formatted(target.name());
        JsonNode now = new Pods(cluster).now(pod);
        if (Found.named(now.path("spec").path("ephemeralContainers"), name).isMissingNode()) {
            cluster.merge(
                    "adding an ephemeral container beside " + target.name(),
                    pod.path() + "/ephemeralcontainers",
                    patch(name, target, image));
        }
        if (context.step(step).isEmpty()) {
            context.custody(
                    "ephemeral.added",
                    "container %s has no shell: ephemeral container %s (image %s) was added to pod %s beside it. It cannot be taken out of the pod's specification; what runs in it ends with the capture, after %d minutes at the latest"
                            .formatted(
                                    target.name(),
                                    name,
                                    image,
                                    pod.text(),
                                    cluster.settings().ephemeralFor().toMinutes()));
            context.completed(step, name);
        }
        await(name);
        return name;
    }

    private ObjectNode patch(String name, Found.Part target, String image) {
        ObjectNode patch = JSON.createObjectNode();
        ObjectNode container =
                patch.putObject("spec").putArray("ephemeralContainers").addObject();
        container
                .put("name", name)
                .put("image", image)
                .put("imagePullPolicy", "IfNotPresent")
                .put("targetContainerName", target.name());
        container
                .putArray("command")
                .add("sleep")
                .add(Long.toString(cluster.settings().ephemeralFor().toSeconds()));
        container.putArray("env").addObject().put("name", MARK).put("value", name);
        ObjectNode security = container.putObject("securityContext");
        if (cluster.settings().mayTrace()) {
            // without it the kernel shows /proc/1/root only to the same user
            security.putObject("capabilities").putArray("add").add("SYS_PTRACE");
        } else if (!target.runAs().isEmpty()) {
            security.put("runAsUser", Long.parseLong(target.runAs()));
        }
        return patch;
    }

    private void await(String name) throws ProviderException, InterruptedException {
        Instant until = clock.instant().plus(START);
        while (true) {
            JsonNode state = Found.named(
                            new Pods(cluster).now(pod).path("status").path("ephemeralContainerStatuses"), name)
                    .path("state");
            if (state.has("running")) {
                return;
            }
            if (state.has("terminated")) {
                throw new ProviderException(
                        Kind.REFUSED,
                        "ephemeral container %s has ended: %s"
                                .formatted(
                                        name,
                                        Errors.plain(state.path("terminated")
                                                .path("reason")
                                                .asText(""))));
            }
            if (!clock.instant().isBefore(until)) {
                throw new ProviderException(
                        Kind.REFUSED,
                        "ephemeral container %s did not start in %d minutes: %s"
                                .formatted(
                                        name,
                                        START.toMinutes(),
                                        Errors.plain(state.path("waiting")
                                                .path("reason")
                                                .asText("no reason given"))));
            }
            waiting.pass(cluster.settings().poll());
        }
    }

    /// Ends what runs in it.
    void end(String name) throws ProviderException, InterruptedException {
        new Exec(cluster, pod, name).text(1 << 12, "sh", "-c", END, name);
    }

    /// The profile with paths as the ephemeral container sees them. Links there would lead into its own files, so none
    /// is followed.
    static Profile fitted(Profile profile) {
        return new Profile(
                profile.name(),
                profile.description(),
                profile.caps(),
                profile.volatileState(),
                profile.roots().stream().map(ROOT::concat).toList(),
                profile.artifacts().stream().map(Beside::fitted).toList(),
                Map.of());
    }

    private static Artifact fitted(Artifact artifact) {
        List<String> paths = artifact.paths().stream()
                .flatMap(path -> path.startsWith(HOMES)
                        ? Stream.of("/root", "/home/*").map(home -> ROOT + home + path.substring(HOMES.length()))
                        : Stream.of(ROOT + path))
                .toList();
        return new Artifact(
                artifact.name(), artifact.description(), paths, false, artifact.fileBytes(), artifact.totalBytes());
    }
}
