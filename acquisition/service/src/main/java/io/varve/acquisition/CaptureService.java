package io.varve.acquisition;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import io.varve.evidence.EvidenceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Requests captures, for rules and for people alike, through the channels that reach the asset. The evidence key is
/// minted here, so that events can exist before the bytes are complete.
public final class CaptureService {
    private final Captures captures;
    private final CaptureRequests requests;
    private final Containments containments;

    public CaptureService(Captures captures, CaptureRequests requests, Containments containments) {
        this.captures = captures;
        this.requests = requests;
        this.containments = containments;
    }

    /// Who wants a capture, and what for.
    ///
    /// @param by a user's name, or `rule:<name>`
    public record Reason(String by, Optional<AlertId> alert, Optional<IncidentId> incident, Optional<RuleId> rule) {}

    /// What is to be captured.
    ///
    /// @param patience how long a channel may find the host offline before the next one is tried
    /// @param approveBefore until when a person has to agree, when one has to
    public record Wish(String profile, Duration patience, Optional<Instant> approveBefore) {
        public Wish(String profile) {
            this(profile, Rule.USUAL_PATIENCE, Optional.empty());
        }
    }

    /// A provider, and the name by which it knows the asset.
    public record Way(String provider, String target) {}

    public sealed interface Answer {}

    public record Requested(Capture capture) implements Answer {}

    /// Another capture of the same asset and profile through one of these providers has not ended.
    public record Running(Capture capture) implements Answer {}

    /// No provider reaches the asset.
    public record Unreachable(String reason) implements Answer {}

    /// The ways to an asset, in the order they are to be tried.
    ///
    /// @param providers the order; empty for the automatic one, which asks whether the host is contained
    /// @param current the alert that is just being read
    public List<Way> ways(Asset asset, List<String> providers, Optional<NormalisedAlert> current) {
        List<Channel> order =
                isAutomatic(providers) ? Channel.inOrder(containments.of(asset, current)) : named(providers);
        return ways(asset, order);
    }

    static List<Way> ways(Asset asset, List<Channel> order) {
        return order.stream()
                .flatMap(channel -> channel.target(asset).map(target -> new Way(channel.name(), target)).stream())
                .toList();
    }

    static boolean isAutomatic(List<String> providers) {
        return providers.isEmpty() || providers.contains(Channel.AUTOMATIC);
    }

    static List<Channel> named(List<String> providers) {
        return providers.stream()
                .distinct()
                .flatMap(name -> Channel.named(name).stream())
                .toList();
    }

    static String unreachable(Asset asset, List<String> providers) {
        List<Channel> tried = isAutomatic(providers) ? Channel.HOSTS : named(providers);
        return tried.isEmpty()
                ? "There is no provider %s.".formatted(String.join(", ", providers))
                : Channel.none(asset, tried);
    }

    /// As a person asks for it.
    ///
    /// @param providers in the order they are tried; empty for the automatic order
    public Answer request(Asset asset, List<String> providers, String profile, Reason reason, Instant now) {
        List<Way> ways = ways(asset, providers, Optional.empty());
        return ways.isEmpty()
                ? new Unreachable(unreachable(asset, providers))
                : request(asset, ways, new Wish(profile), reason, now);
    }

    /// @param ways at least one
    public Answer request(Asset asset, List<Way> ways, Wish wish, Reason reason, Instant now) {
        Optional<Capture> running = running(asset, ways, wish.profile());
        if (running.isPresent()) {
            return new Running(running.get());
        }
        Capture capture = capture(asset, ways, wish, reason, now);
        requests.submit(capture);
        return new Requested(capture);
    }

    private Optional<Capture> running(Asset asset, List<Way> ways, String profile) {
        return captures.ofAsset(asset.id()).stream()
                .filter(capture -> !capture.state().hasEnded())
                .filter(capture -> capture.profile().equals(profile))
                .filter(capture -> ways.stream().anyMatch(way -> way.provider().equals(capture.provider())))
                .findFirst();
    }

    private static Capture capture(Asset asset, List<Way> ways, Wish wish, Reason reason, Instant now) {
        Optional<Capture.Approval> approval =
                wish.approveBefore().map(before -> new Capture.Approval(before, Optional.empty()));
        return new Capture(
                CaptureId.mint(),
                asset.organisation(),
                EvidenceKey.mint(asset.organisation().value()).value(),
                asset.id(),
                ways.getFirst().provider(),
                ways.getFirst().target(),
                wish.profile(),
                reason.alert(),
                reason.incident(),
                reason.rule(),
                reason.by(),
                now,
                Optional.empty(),
                Optional.empty(),
                approval.isPresent() ? Capture.State.AWAITING_APPROVAL : Capture.State.QUEUED,
                false,
                Map.of(),
                0,
                0,
                approval.isPresent() ? "Waiting for approval" : "Waiting for a worker",
                new Capture.Plan(
                        Optional.empty(),
                        ways.stream().skip(1).map(Way::provider).toList(),
                        wish.patience(),
                        approval));
    }
}
