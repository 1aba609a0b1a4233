package io.varve.acquisition.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The kept captures.
public interface Captures {
    Optional<Capture> find(CaptureId id);

    Optional<Capture> byEvidence(String evidence);

    List<Capture> ofIncident(IncidentId incident);

    List<Capture> ofAsset(AssetId asset);

    List<Capture> newest(Organisation organisation, int limit);

    /// The newest capture of the asset with this profile that was requested since, failed and cancelled ones left out.
    Optional<Capture> recent(AssetId asset, String profile, Instant since);

    int requestedBy(RuleId rule, Instant since);

    void save(Capture capture);

    /// Changes what is kept, from what is kept, while nobody else can: the worker and the person who cancels write at
    /// the same time.
    ///
    /// @throws java.util.NoSuchElementException when there is no such capture
    Capture change(CaptureId id, UnaryOperator<Capture> change);
}
