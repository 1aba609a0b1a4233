package io.varve.acquisition;

import io.varve.acquisition.CaptureService.Way;
import io.varve.acquisition.Estimates.Estimate;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureHistory;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Captures of one rule that were never taken. Time only goes forward here, so that the counts of a day are forgotten
/// when the next one begins.
final class SimulatedHistory implements CaptureHistory {
    private final CaptureHistory real;
    private final Map<String, Optional<Past>> sizes = new HashMap<>();
    private final Map<AssetId, Capture> newest = new HashMap<>();
    private final Map<AssetId, Integer> ofAsset = new HashMap<>();
    private Instant day = Instant.MIN;
    private int captures;
    private long bytes;

    /// @param real where sizes are known from
    SimulatedHistory(CaptureHistory real) {
        this.real = real;
    }

    void add(Rule rule, Asset asset, Way way, Estimate estimate, Instant at) {
        newest.put(asset.id(), capture(rule, asset, way, estimate, at));
        ofAsset.merge(asset.id(), 1, Integer::sum);
        captures++;
        bytes += estimate.bytes();
    }

    @Override
    public Optional<Capture> recent(AssetId asset, String profile, Instant since) {
        return Optional.ofNullable(newest.get(asset))
                .filter(capture -> !capture.requestedAt().isBefore(since));
    }

    @Override
    public int requestedBy(RuleId rule, Instant since) {
        begin(since);
        return captures;
    }

    @Override
    public int requestedOf(AssetId asset, Instant since) {
        begin(since);
        return ofAsset.getOrDefault(asset, 0);
    }

    @Override
    public Usage usage(Organisation organisation, Instant since) {
        begin(since);
        return new Usage(captures, bytes, List.of());
    }

    @Override
    public Optional<Past> past(Organisation organisation, String provider, String profile) {
        return sizes.computeIfAbsent(provider + " " + profile, known -> real.past(organisation, provider, profile));
    }

    private void begin(Instant since) {
        if (since.isAfter(day)) {
            day = since;
            captures = 0;
            bytes = 0;
            ofAsset.clear();
        }
    }

    private static Capture capture(Rule rule, Asset asset, Way way, Estimate estimate, Instant at) {
        return new Capture(
                CaptureId.mint(),
                asset.organisation(),
                "",
                asset.id(),
                way.provider(),
                way.target(),
                rule.profile(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(rule.id()),
                "rule:" + rule.name(),
                at,
                Optional.of(at),
                Optional.of(at.plus(estimate.time())),
                Capture.State.CAPTURED,
                false,
                Map.of(),
                estimate.bytes(),
                estimate.bytes(),
                "",
                Capture.Plan.NONE);
    }
}
