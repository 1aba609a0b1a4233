package io.varve.provider.kubernetes;

import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.archive.AssembledArchive;
import io.varve.provider.collector.archive.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What each container wrote, now and before its last restart, with the times the node gave the lines; a part of the
/// archive each.
final class PodLogs {
    private static final int MOST_BREAKS = 3;

    private final CaptureContext context;
    private final Cluster cluster;
    private final Found pod;

    PodLogs(CaptureContext context, Cluster cluster, Found pod) {
        this.context = context;
        this.cluster = cluster;
        this.pod = pod;
    }

    void collect(AssembledArchive archive, Proceed proceed)
            throws ProviderException, InterruptedException, IOException {
        for (Found.Part part : pod.parts()) {
            proceed.check();
            log(archive, part.name(), "current");
            if (part.hasRestarted()) {
                log(archive, part.name(), "previous");
            }
        }
    }

    /// Stops a capture that was cancelled or is late.
    @FunctionalInterface
    interface Proceed {
        void check() throws ProviderException;
    }

    /// As a node keeps them: folder `NAMESPACE_POD_UID`, below it the container.
    private String path(String container, String which) {
        return "varve/kubernetes/logs/%s_%s_%s/%s/%s.log"
                .formatted(pod.namespace(), pod.name(), pod.uid(), container, which);
    }

    private void log(AssembledArchive archive, String container, String which)
            throws ProviderException, InterruptedException, IOException {
        String label = "log/%s/%s".formatted(container, which);
        if (archive.has(label)) {
            return;
        }
        context.progress(archive.bytes(), 0, "log of container " + container);
        String name = path(container, which);
        Path file = archive.scratch().resolve("log");
        try (AssembledArchive.Part part = archive.begin()) {
            Optional<String> lack = fetched(container, which, file);
            if (lack.isPresent()) {
                part.outcome(Outcome.failed(name, "KubernetesContainerLog", lack.get()));
            } else {
                keep(part, name, file);
            }
            part.store(label);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void keep(AssembledArchive.Part part, String name, Path file) throws IOException {
        String sha256 = part.member(name, file).hex();
        if (Files.size(file) == 0) {
            part.outcome(Outcome.empty(name, "KubernetesContainerLog"));
        } else {
            part.outcome(Outcome.collected(name, "KubernetesContainerLog", sha256));
        }
        if (Files.size(file) >= cluster.settings().logBytes()) {
            part.outcome(Outcome.failed(
                    name
                            + " beyond its first %d bytes"
                                    .formatted(cluster.settings().logBytes()),
                    "KubernetesContainerLog",
                    "longer than log_megabytes allows"));
        }
    }

    /// @return why it cannot be had; empty when it is in the file
    private Optional<String> fetched(String container, String which, Path file)
            throws ProviderException, InterruptedException {
        for (int broken = 1; ; broken++) {
            try {
                stream(container, which, file);
                return Optional.empty();
            } catch (IOException e) {
                if (broken == MOST_BREAKS) {
                    throw Errors.offline("reading the log of container " + container, e);
                }
            } catch (ProviderException e) {
                if (e.kind() == Kind.FORBIDDEN || e.kind() == Kind.NOT_FOUND || e.kind() == Kind.REFUSED) {
                    return Optional.of(e.reason());
                }
                throw e;
            }
        }
    }

    private void stream(String container, String which, Path file)
            throws ProviderException, InterruptedException, IOException {
        long most = cluster.settings().logBytes();
        try (InputStream log = cluster.stream(
                        "reading the log of container " + container,
                        pod.path() + "/log",
                        "container",
                        container,
                        "timestamps",
                        "true",
                        "previous",
                        Boolean.toString(which.equals("previous")),
                        "limitBytes",
                        Long.toString(most));
                OutputStream out = Files.newOutputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            long left = most;
            for (int read = log.read(buffer); read >= 0 && left > 0; read = log.read(buffer)) {
                int count = (int) Math.min(left, read);
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }
}
