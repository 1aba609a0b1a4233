package io.varve.provider.kubernetes;

import io.varve.evidence.EvidenceKey;
import io.varve.evidence.Lineage;
import io.varve.evidence.ObjectStore;
import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Orders;
import io.varve.provider.ProviderException;
import io.varve.provider.image.BlockSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The part of a capture that one container is: steps of its own, its parts in the pod's archive.
///
/// @param container its name, which begins steps and custody texts
record ContainerContext(CaptureContext pod, String container, ContainerParts parts) implements CaptureContext {
    @Override
    public String capture() {
        return pod.capture();
    }

    @Override
    public EvidenceKey evidence() {
        return pod.evidence();
    }

    @Override
    public String target() {
        return pod.target();
    }

    @Override
    public String profile() {
        return pod.profile();
    }

    @Override
    public Instant deadline() {
        return pod.deadline();
    }

    @Override
    public Optional<String> step(String name) {
        return pod.step(own(name));
    }

    @Override
    public void completed(String name, String result) {
        pod.completed(own(name), result);
    }

    private String own(String name) {
        return "container.%s.%s".formatted(container, name);
    }

    @Override
    public void progress(long done, long total, String text) {
        pod.progress(done, total, "container %s: %s".formatted(container, text));
    }

    @Override
    public boolean cancelled() {
        return pod.cancelled();
    }

    @Override
    public Orders orders() {
        return pod.orders();
    }

    @Override
    public Connection connection() throws ProviderException {
        return pod.connection();
    }

    @Override
    public ObjectStore.Upload upload() {
        return parts;
    }

    @Override
    public void image(List<BlockSource> disks) throws ProviderException, InterruptedException, IOException {
        pod.image(disks);
    }

    @Override
    public Path scratch() throws IOException {
        return pod.scratch();
    }

    /// Of containment nothing is said: a cluster keeps no such state of a pod.
    @Override
    public void custody(String action, String detail) throws IOException {
        if (!action.startsWith("containment.")) {
            pod.custody(action, "container %s: %s".formatted(container, detail));
        }
    }

    @Override
    public void custody(String action, String detail, Lineage lineage) throws IOException {
        pod.custody(action, "container %s: %s".formatted(container, detail), lineage);
    }
}
