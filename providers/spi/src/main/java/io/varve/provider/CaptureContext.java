package io.varve.provider;

import io.varve.evidence.EvidenceKey;
import io.varve.evidence.Lineage;
import io.varve.evidence.ObjectStore;
import io.varve.provider.image.BlockSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One capture as its provider sees it.
public interface CaptureContext {
    /// Identity of the capture, for the vendor's idempotency keys.
    String capture();

    EvidenceKey evidence();

    /// The host, by the identifier kind of [Provider#reaches] that was chosen.
    String target();

    /// Name of the profile to collect.
    String profile();

    /// When to give up.
    Instant deadline();

    /// What an earlier attempt stored under this name, so that a step is done once.
    Optional<String> step(String name);

    /// Stores the result of a step durably before the next one starts.
    void completed(String name, String result);

    /// Says how far the capture is; `total` 0 when unknown.
    void progress(long done, long total, String text);

    /// True when somebody asked to stop.
    boolean cancelled();

    /// Orders that a machine fetches by itself.
    Orders orders();

    /// The tenant the host is captured through.
    ///
    /// @throws ProviderException when none is set up
    Connection connection() throws ProviderException;

    /// Where the captured bytes go when they pass through the worker. Its parts survive a crash:
    /// what is there is not fetched again.
    ObjectStore.Upload upload() throws IOException;

    /// Makes these disks the evidence: they can be read and are processed at once, and are whole and stored when this
    /// returns. What an earlier attempt fetched is not fetched again.
    ///
    /// @throws ProviderException also when the capture is to stop
    void image(List<BlockSource> disks) throws ProviderException, InterruptedException, IOException;

    /// A new, empty private folder for files on their way; removed when this attempt ends.
    Path scratch() throws IOException;

    /// Adds an entry to the evidence's custody log.
    void custody(String action, String detail) throws IOException;

    /// Adds an entry that says where in a cloud the bytes of this step came from, so that it can be found again in the
    /// provider's own audit log.
    default void custody(String action, String detail, Lineage lineage) throws IOException {
        custody(action, detail + ", " + lineage);
    }
}
