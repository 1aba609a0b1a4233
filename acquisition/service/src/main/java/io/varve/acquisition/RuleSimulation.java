package io.varve.acquisition;

import io.varve.acquisition.Estimates.Estimate;
import io.varve.acquisition.Restraints.Restraint;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.CaptureHistory;
import io.varve.acquisition.model.Decision.Outcome;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.NormalisedAlert.Containment;
import io.varve.acquisition.model.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What a rule would have captured over past alerts, had it been the only one and had nothing been captured before.
///
/// Assets are taken as they are known today. Alerts are walked over once, oldest first, as if each had been read when
/// it
/// came; what is kept in between is bounded by the captures taken and by the assets that alerts were about.
public final class RuleSimulation {
    /// Decisions that are answered one by one.
    static final int MOST_DECISIONS = 100;

    /// Alerts that are looked at.
    static final int MOST_ALERTS = 2_000_000;

    private static final int MOST_ASSETS = 50_000;

    private final Alerts alerts;
    private final Assets assets;
    private final CaptureHistory past;
    private final Budgets budgets;

    /// @param past real captures, to estimate sizes from
    public RuleSimulation(Alerts alerts, Assets assets, CaptureHistory past, Budgets budgets) {
        this.alerts = alerts;
        this.assets = assets;
        this.past = past;
        this.budgets = budgets;
    }

    /// @param approvals captures that would have waited for a person first; they are counted as taken
    /// @param decisions the first captures, and one example of every other outcome
    /// @param complete false when not all alerts were looked at, but only those up to `until`
    public record Result(
            long alerts,
            long matched,
            long captures,
            int hosts,
            Map<String, Share> byProvider,
            List<Estimate> estimates,
            long approvals,
            Map<Outcome, Long> skipped,
            List<Example> decisions,
            boolean complete,
            Instant until) {
        public long bytes() {
            return byProvider.values().stream().mapToLong(Share::bytes).sum();
        }

        public Duration time() {
            return byProvider.values().stream().map(Share::time).reduce(Duration.ZERO, Duration::plus);
        }
    }

    /// @param time one after the other
    public record Share(long captures, long bytes, Duration time) {
        Share with(Estimate estimate) {
            return new Share(captures + 1, bytes + estimate.bytes(), time.plus(estimate.time()));
        }
    }

    public record Example(
            AlertId alert,
            Instant at,
            Optional<Asset> asset,
            Outcome outcome,
            String reason,
            Optional<String> provider) {}

    /// @param patience how long it may take; what was found by then is answered
    public Result of(Rule rule, Instant from, Instant to, Duration patience) {
        var run = new Run(rule, to, System.nanoTime() + patience.toNanos());
        alerts.walk(rule.organisation(), from, to, run::look);
        return run.result();
    }

    private final class Run {
        private final Rule rule;
        private final SimulatedHistory taken = new SimulatedHistory(past);
        private final Estimates estimates = new Estimates(past);
        private final Map<String, Estimate> estimated = new TreeMap<>();
        private final Restraints restraints = new Restraints(taken, new Estimates(taken), budgets);
        private final Map<AssetId, Optional<Asset>> known = new LinkedHashMap<>();
        private final Map<AssetId, Containment> contained = new LinkedHashMap<>();
        private final Set<AssetId> hosts = new HashSet<>();
        private final Map<String, Share> byProvider = new TreeMap<>();
        private final Map<Outcome, Long> skipped = new EnumMap<>(Outcome.class);
        private final List<Example> decisions = new ArrayList<>();
        private final long deadline;
        private Instant until;
        private boolean complete = true;
        private long looked;
        private long matched;
        private long captures;

        Run(Rule rule, Instant to, long deadline) {
            this.rule = rule;
            this.until = to;
            this.deadline = deadline;
        }

        /// @return false to stop
        boolean look(Alert alert) {
            if (looked >= MOST_ALERTS || System.nanoTime() > deadline) {
                complete = false;
                return false;
            }
            looked++;
            until = alert.receivedAt();
            NormalisedAlert content = alert.normalised().orElseThrow();
            Optional<Asset> asset = alert.asset().flatMap(this::asset);
            asset.ifPresent(host ->
                    Containments.in(content, host).ifPresent(containment -> contained.put(host.id(), containment)));
            if (RuleMatch.mismatch(rule, alert.source(), content, asset).isEmpty()) {
                matched++;
                decide(alert, asset);
            }
            return true;
        }

        private Optional<Asset> asset(AssetId id) {
            if (known.size() >= MOST_ASSETS) {
                known.clear();
                contained.clear();
            }
            return known.computeIfAbsent(id, assets::find);
        }

        private void decide(Alert alert, Optional<Asset> asset) {
            if (asset.isEmpty()) {
                skip(alert, asset, Outcome.NO_ASSET, "The alert could not be tied to an asset.");
                return;
            }
            Asset host = asset.get();
            Instant at = alert.receivedAt();
            Optional<Restraint> window = restraints.window(rule, host, at);
            if (window.isPresent()) {
                skip(alert, asset, window.get().outcome(), window.get().reason());
                return;
            }
            List<Channel> order = CaptureService.isAutomatic(rule.providers())
                    ? Channel.inOrder(contained.getOrDefault(host.id(), Containment.UNKNOWN))
                    : CaptureService.named(rule.providers());
            List<CaptureService.Way> ways = CaptureService.ways(host, order);
            if (ways.isEmpty()) {
                skip(alert, asset, Outcome.UNREACHABLE, CaptureService.unreachable(host, rule.providers()));
                return;
            }
            String provider = ways.getFirst().provider();
            Optional<Restraint> budget = restraints.budget(rule, host, provider, at);
            if (budget.isPresent()) {
                skip(alert, asset, budget.get().outcome(), budget.get().reason());
                return;
            }
            take(alert, host, ways.getFirst());
        }

        private void take(Alert alert, Asset host, CaptureService.Way way) {
            Estimate estimate = estimated.computeIfAbsent(
                    way.provider(), provider -> estimates.of(rule.organisation(), provider, rule.profile()));
            taken.add(rule, host, way, estimate, alert.receivedAt());
            captures++;
            hosts.add(host.id());
            byProvider.merge(
                    way.provider(),
                    new Share(1, estimate.bytes(), estimate.time()),
                    (share, one) -> share.with(estimate));
            if (decisions.size() < MOST_DECISIONS) {
                boolean waits = rule.approval() == Rule.Approval.REQUIRED;
                decisions.add(new Example(
                        alert.id(),
                        alert.receivedAt(),
                        Optional.of(host),
                        waits ? Outcome.AWAITING_APPROVAL : Outcome.CAPTURE_REQUESTED,
                        "Capture of %s with profile %s through %s, about %,d bytes."
                                .formatted(host.name(), rule.profile(), way.provider(), estimate.bytes()),
                        Optional.of(way.provider())));
            }
        }

        private void skip(Alert alert, Optional<Asset> asset, Outcome outcome, String reason) {
            if (skipped.merge(outcome, 1L, Long::sum) == 1) {
                decisions.add(new Example(alert.id(), alert.receivedAt(), asset, outcome, reason, Optional.empty()));
            }
        }

        Result result() {
            return new Result(
                    looked,
                    matched,
                    captures,
                    hosts.size(),
                    byProvider,
                    List.copyOf(estimated.values()),
                    rule.approval() == Rule.Approval.REQUIRED ? captures : 0,
                    skipped,
                    decisions,
                    complete,
                    until);
        }
    }
}
