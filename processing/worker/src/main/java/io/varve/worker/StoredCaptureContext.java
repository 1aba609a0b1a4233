package io.varve.worker;

import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Captures;
import io.varve.database.EvidenceItems;
import io.varve.database.Job;
import io.varve.evidence.CustodyLog;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.Lineage;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.Seal;
import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Orders;
import io.varve.provider.ProviderException;
import io.varve.provider.image.BlockSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A capture as its provider sees it, every step kept in the database before the next.
record StoredCaptureContext(
        Capture stored,
        Instant deadline,
        Captures captures,
        EvidenceItems items,
        DatabaseOrders databaseOrders,
        ObjectStore objects,
        CustodyLog custodyLog,
        WorkerName name,
        JobLog jobs,
        Job job,
        Optional<Connection> tenant,
        Images images,
        Path folder)
        implements CaptureContext {
    @Override
    public String capture() {
        return stored.id().toString();
    }

    @Override
    public EvidenceKey evidence() {
        return new EvidenceKey(stored.evidence());
    }

    @Override
    public String target() {
        return stored.target();
    }

    @Override
    public String profile() {
        return stored.profile();
    }

    @Override
    public Optional<String> step(String step) {
        return captures.find(stored.id()).map(now -> now.steps().get(step));
    }

    @Override
    public void completed(String step, String result) {
        CaptureStates.change(captures, stored.id(), now -> CaptureStates.withStep(now, step, result));
    }

    @Override
    public void progress(long done, long total, String text) {
        CaptureStates.change(captures, stored.id(), now -> CaptureStates.withProgress(now, done, total, text));
        jobs.progress(job, done, total, text);
        try {
            items.received(
                    evidence(),
                    done,
                    objects.upload(evidence().object(Seal.DATA)).parts().size());
        } catch (IOException e) {
            items.received(evidence(), done, 0);
        }
    }

    @Override
    public boolean cancelled() {
        return captures.find(stored.id()).map(Capture::cancelRequested).orElse(true);
    }

    @Override
    public Orders orders() {
        return databaseOrders.of(stored.organisation());
    }

    @Override
    public void custody(String action, String detail) throws IOException {
        custodyLog.appendOnce(name.actor(), action, detail);
    }

    @Override
    public void custody(String action, String detail, Lineage lineage) throws IOException {
        custodyLog.appendOnce(name.actor(), action, detail, Optional.of(lineage));
    }

    @Override
    public Connection connection() throws ProviderException {
        return tenant.orElseThrow(() -> new ProviderException(
                ProviderException.Kind.REFUSED,
                "no integration with %s is set up for captures".formatted(stored.provider())));
    }

    @Override
    public ObjectStore.Upload upload() throws IOException {
        return objects.upload(evidence().object(Seal.DATA));
    }

    @Override
    public void image(List<BlockSource> disks) throws ProviderException, InterruptedException, IOException {
        images.copy(this, disks);
    }

    @Override
    public Path scratch() throws IOException {
        return Files.createTempDirectory(folder, "files");
    }
}
