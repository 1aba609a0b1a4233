package io.varve.acquisition.batch;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.RuleId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The captures of a batch's assets as they were when it began, with those it requested. Counts are asked for once, and
/// again after each capture that is requested.
final class BatchCaptures implements Captures {
    private final Captures below;
    private final BatchAssets assets;
    private final Map<AssetId, List<Capture>> known = new HashMap<>();
    private final Map<List<Object>, Object> counts = new HashMap<>();

    BatchCaptures(Captures below, BatchAssets assets, Map<AssetId, List<Capture>> known) {
        this.below = below;
        this.assets = assets;
        this.known.putAll(known);
    }

    /// A capture that the batch asked for is in the store below by now.
    void requested(Capture capture) {
        var all = new ArrayList<Capture>();
        all.add(capture);
        all.addAll(known.getOrDefault(capture.asset(), List.of()));
        known.put(capture.asset(), all);
        counts.clear();
    }

    @Override
    public List<Capture> ofAsset(AssetId asset) {
        return assets.isKnown(asset) ? known.getOrDefault(asset, List.of()) : below.ofAsset(asset);
    }

    @Override
    public List<Capture> ofAsset(AssetId asset, Instant since) {
        if (!assets.isKnown(asset)) {
            return below.ofAsset(asset, since);
        }
        return ofAsset(asset).stream()
                .filter(capture -> capture.endedAt().orElse(Instant.MAX).isAfter(since))
                .toList();
    }

    @Override
    public Optional<Capture> recent(AssetId asset, String profile, Instant since) {
        if (!assets.isKnown(asset)) {
            return below.recent(asset, profile, since);
        }
        return since(asset, since)
                .filter(capture -> capture.profile().equals(profile))
                .filter(capture -> switch (capture.state()) {
                    case FAILED, CANCELLED -> false;
                    case AWAITING_APPROVAL, QUEUED, RUNNING, CAPTURED, REJECTED -> true;
                })
                .findFirst();
    }

    @Override
    public int requestedOf(AssetId asset, Instant since) {
        if (!assets.isKnown(asset)) {
            return below.requestedOf(asset, since);
        }
        return (int) since(asset, since)
                .filter(capture -> capture.plan().fallbackOf().isEmpty())
                .filter(capture -> capture.state() != Capture.State.REJECTED)
                .count();
    }

    /// Newest first.
    private Stream<Capture> since(AssetId asset, Instant since) {
        return known.getOrDefault(asset, List.of()).stream()
                .filter(capture -> !capture.requestedAt().isBefore(since));
    }

    @Override
    public int requestedBy(RuleId rule, Instant since) {
        return once(Integer.class, List.of("rule", rule, since), () -> below.requestedBy(rule, since));
    }

    @Override
    public Usage usage(Organisation organisation, Instant since) {
        return once(Usage.class, List.of("usage", organisation, since), () -> below.usage(organisation, since));
    }

    @Override
    public Optional<Past> past(Organisation organisation, String provider, String profile) {
        return below.past(organisation, provider, profile);
    }

    private <T> T once(Class<T> type, List<Object> question, Supplier<T> answer) {
        return type.cast(counts.computeIfAbsent(question, asked -> answer.get()));
    }

    @Override
    public Optional<Capture> find(CaptureId id) {
        return below.find(id);
    }

    @Override
    public Optional<Capture> byEvidence(String evidence) {
        return below.byEvidence(evidence);
    }

    @Override
    public List<Capture> ofIncident(IncidentId incident) {
        return below.ofIncident(incident);
    }

    @Override
    public List<Capture> in(Organisation organisation, Capture.State state, int limit) {
        return below.in(organisation, state, limit);
    }

    @Override
    public List<Capture> newest(Organisation organisation, int limit) {
        return below.newest(organisation, limit);
    }

    @Override
    public void save(Capture capture) {
        below.save(capture);
    }

    @Override
    public Capture change(CaptureId id, UnaryOperator<Capture> change) {
        return below.change(id, change);
    }
}
