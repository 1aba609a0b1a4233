package io.varve.acquisition;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Asset.Identifier;
import io.varve.acquisition.model.Asset.Kind;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.RuleId;
import io.varve.evidence.EvidenceKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Requests captures, for rules and for people alike. The evidence key is minted here, so that events can exist before
/// the bytes are complete.
public final class CaptureService {
    /// By which identifiers each provider reaches a host, best first.
    public static final Map<String, List<Kind>> REACHES = Map.of("endpoint", List.of(Kind.AGENT_ID));

    private final Captures captures;
    private final CaptureRequests requests;
    private final Map<String, List<Kind>> reaches;

    public CaptureService(Captures captures, CaptureRequests requests, Map<String, List<Kind>> reaches) {
        this.captures = captures;
        this.requests = requests;
        this.reaches = Map.copyOf(reaches);
    }

    /// Who wants a capture, and what for.
    ///
    /// @param by a user's name, or `rule:<name>`
    public record Reason(String by, Optional<AlertId> alert, Optional<IncidentId> incident, Optional<RuleId> rule) {}

    public sealed interface Answer {}

    public record Requested(Capture capture) implements Answer {}

    /// Another capture of the same asset, provider and profile has not ended.
    public record Running(Capture capture) implements Answer {}

    /// The provider cannot reach the asset.
    public record Unreachable(String reason) implements Answer {}

    public Answer request(Asset asset, String provider, String profile, Reason reason, Instant now) {
        Optional<String> target = target(asset, provider);
        if (target.isEmpty()) {
            return new Unreachable(unreachable(asset, provider));
        }
        Optional<Capture> running = running(asset, provider, profile);
        if (running.isPresent()) {
            return new Running(running.get());
        }
        Capture capture = queued(asset, provider, target.get(), profile, reason, now);
        requests.submit(capture);
        return new Requested(capture);
    }

    /// The identifier the provider reaches the asset by: of the best kind, the one seen last.
    private Optional<String> target(Asset asset, String provider) {
        for (Kind kind : reaches.getOrDefault(provider, List.of())) {
            Optional<Identifier> best = asset.identifiers().stream()
                    .filter(identifier -> identifier.kind() == kind)
                    .max(Comparator.comparing(Identifier::lastSeen));
            if (best.isPresent()) {
                return best.map(Identifier::value);
            }
        }
        return Optional.empty();
    }

    private String unreachable(Asset asset, String provider) {
        if (!reaches.containsKey(provider)) {
            return "There is no provider %s.".formatted(provider);
        }
        return provider.equals("endpoint")
                ? "No agent is enrolled on %s.".formatted(asset.name())
                : "%s has no identifier by which %s reaches it.".formatted(asset.name(), provider);
    }

    private Optional<Capture> running(Asset asset, String provider, String profile) {
        return captures.ofAsset(asset.id()).stream()
                .filter(capture -> capture.state() == Capture.State.QUEUED || capture.state() == Capture.State.RUNNING)
                .filter(capture -> !capture.cancelRequested())
                .filter(capture ->
                        capture.provider().equals(provider) && capture.profile().equals(profile))
                .findFirst();
    }

    private static Capture queued(
            Asset asset, String provider, String target, String profile, Reason reason, Instant now) {
        return new Capture(
                CaptureId.mint(),
                asset.organisation(),
                EvidenceKey.mint(asset.organisation().value()).value(),
                asset.id(),
                provider,
                target,
                profile,
                reason.alert(),
                reason.incident(),
                reason.rule(),
                reason.by(),
                now,
                Optional.empty(),
                Optional.empty(),
                Capture.State.QUEUED,
                false,
                Map.of(),
                0,
                0,
                "Waiting for a worker");
    }
}
