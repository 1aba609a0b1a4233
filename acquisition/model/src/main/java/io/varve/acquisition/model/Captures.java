package io.varve.acquisition.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The kept captures.
public interface Captures extends CaptureHistory {
    Optional<Capture> find(CaptureId id);

    Optional<Capture> byEvidence(String evidence);

    /// Newest first, at most 1,000.
    List<Capture> ofIncident(IncidentId incident);

    /// Newest first, at most 1,000.
    List<Capture> ofAsset(AssetId asset);

    /// Those of [#ofAsset] that have not ended, or ended after this time.
    List<Capture> ofAsset(AssetId asset, Instant since);

    /// Newest first.
    List<Capture> in(Organisation organisation, Capture.State state, int limit);

    List<Capture> newest(Organisation organisation, int limit);

    void save(Capture capture);

    /// Changes what is kept, from what is kept, while nobody else can: the worker and the person who cancels write at
    /// the same time.
    ///
    /// @throws java.util.NoSuchElementException when there is no such capture
    Capture change(CaptureId id, UnaryOperator<Capture> change);
}
