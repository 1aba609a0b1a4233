package io.varve.acquisition;

import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.Decision;
import io.varve.acquisition.model.Decision.Outcome;
import io.varve.acquisition.model.Decisions;
import io.varve.evidence.EvidenceKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tries the next channel after a capture ended without success. Every channel of a request is tried at most once: a
/// capture carries those still untried, and its successor the rest of them.
///
/// Runs inside one transaction of the caller, one caller per organisation at a time.
public final class Fallback {
    private final Captures captures;
    private final Assets assets;
    private final CaptureRequests requests;
    private final Decisions decisions;

    public Fallback(Captures captures, Assets assets, CaptureRequests requests, Decisions decisions) {
        this.captures = captures;
        this.assets = assets;
        this.requests = requests;
        this.decisions = decisions;
    }

    /// @param ended a capture that failed, not one that somebody stopped
    /// @param reason why it failed
    /// @return the capture that goes on in its place
    public Optional<Capture> after(Capture ended, String reason, Instant now) {
        Optional<Asset> asset = assets.find(ended.asset());
        List<String> left = ended.plan().next();
        for (int i = 0; i < left.size() && asset.isPresent(); i++) {
            Optional<String> target = Channel.named(left.get(i)).flatMap(channel -> channel.target(asset.get()));
            if (target.isEmpty() || isUnderWay(ended, left.get(i))) {
                continue;
            }
            Capture next = next(ended, asset.get(), left.get(i), target.get(), left.subList(i + 1, left.size()), now);
            requests.submit(next);
            note(
                    ended,
                    Outcome.FALLBACK,
                    "%s failed: %s. Tried through %s next.".formatted(ended.provider(), reason, next.provider()),
                    Optional.of(next.id()),
                    now);
            return Optional.of(next);
        }
        String name = asset.map(Asset::name).orElseGet(() -> ended.asset().toString());
        note(
                ended,
                Outcome.UNREACHABLE,
                "%s failed: %s. No other provider of the request reaches %s.".formatted(ended.provider(), reason, name),
                Optional.empty(),
                now);
        return Optional.empty();
    }

    /// Two requests with different first choices may meet at the same channel: it is used once.
    private boolean isUnderWay(Capture ended, String provider) {
        return captures.ofAsset(ended.asset()).stream()
                .anyMatch(other -> !other.state().hasEnded()
                        && other.provider().equals(provider)
                        && other.profile().equals(ended.profile()));
    }

    private static Capture next(
            Capture ended, Asset asset, String provider, String target, List<String> left, Instant now) {
        return new Capture(
                CaptureId.mint(),
                ended.organisation(),
                EvidenceKey.mint(ended.organisation().value()).value(),
                asset.id(),
                provider,
                target,
                ended.profile(),
                ended.alert(),
                ended.incident(),
                ended.rule(),
                ended.requestedBy(),
                now,
                Optional.empty(),
                Optional.empty(),
                Capture.State.QUEUED,
                false,
                Map.of(),
                0,
                0,
                "Waiting for a worker, after %s failed".formatted(ended.provider()),
                new Capture.Plan(Optional.of(ended.id()), left, ended.plan().patience(), Optional.empty()));
    }

    private void note(Capture ended, Outcome outcome, String reason, Optional<CaptureId> next, Instant now) {
        ended.alert()
                .ifPresent(alert -> decisions.save(new Decision(
                        alert,
                        ended.organisation(),
                        ended.incident(),
                        ended.rule(),
                        outcome,
                        reason,
                        now,
                        next,
                        Optional.of(ended.id()))));
    }
}
