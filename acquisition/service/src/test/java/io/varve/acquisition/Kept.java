package io.varve.acquisition;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.Decision;
import io.varve.acquisition.model.Decisions;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Incidents;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import io.varve.acquisition.model.Rules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The repositories, in memory.
final class Kept {
    final AlertTable alerts = new AlertTable();
    final AssetTable assets = new AssetTable();
    final IncidentTable incidents = new IncidentTable();
    final RuleTable rules = new RuleTable();
    final CaptureTable captures = new CaptureTable();
    final DecisionTable decisions = new DecisionTable();

    static final class AlertTable implements Alerts {
        final Map<AlertId, Alert> rows = new LinkedHashMap<>();
        private final Map<AlertId, byte[]> raws = new LinkedHashMap<>();

        @Override
        public void receive(Alert alert, byte[] raw) {
            if (rows.putIfAbsent(alert.id(), alert) != null) {
                throw new IllegalStateException("twice " + alert.id());
            }
            raws.put(alert.id(), raw);
        }

        @Override
        public Optional<Alert> find(AlertId id) {
            return Optional.ofNullable(rows.get(id));
        }

        @Override
        public byte[] raw(AlertId id) {
            return Optional.ofNullable(raws.get(id)).orElseThrow();
        }

        @Override
        public Optional<Alert> bySourceId(Organisation organisation, String source, String sourceAlertId) {
            return rows.values().stream()
                    .filter(alert -> alert.state() == Alert.State.NORMALISED)
                    .filter(alert -> alert.organisation().equals(organisation)
                            && alert.source().equals(source))
                    .filter(alert ->
                            alert.normalised().orElseThrow().sourceAlertId().equals(sourceAlertId))
                    .findFirst();
        }

        @Override
        public void update(Alert alert) {
            rows.put(alert.id(), alert);
        }

        @Override
        public List<Alert> ofIncident(IncidentId incident, int limit) {
            return rows.values().stream()
                    .filter(alert -> alert.state() == Alert.State.NORMALISED)
                    .filter(alert -> alert.incident().equals(Optional.of(incident)))
                    .limit(limit)
                    .toList();
        }

        @Override
        public Optional<Group> group(Organisation organisation, String source, String sourceGroupId) {
            return Optional.empty();
        }

        @Override
        public List<Alert> ofAsset(AssetId asset, int limit) {
            return rows.values().stream()
                    .filter(alert -> alert.asset().equals(Optional.of(asset)))
                    .filter(alert -> alert.state() == Alert.State.NORMALISED)
                    .limit(limit)
                    .toList();
        }

        @Override
        public List<Alert> newest(Organisation organisation, int limit) {
            return List.copyOf(rows.values());
        }

        @Override
        public List<Organisation> waiting() {
            return rows.values().stream()
                    .filter(alert -> alert.state() == Alert.State.RECEIVED)
                    .map(Alert::organisation)
                    .distinct()
                    .toList();
        }

        @Override
        public List<Alert> unread(Organisation organisation, int limit) {
            return rows.values().stream()
                    .filter(alert -> alert.organisation().equals(organisation))
                    .filter(alert -> alert.state() == Alert.State.RECEIVED)
                    .limit(limit)
                    .toList();
        }

        @Override
        public int unreadCount(Organisation organisation, int most) {
            return unread(organisation, most).size();
        }

        @Override
        public void walk(Organisation organisation, Instant from, Instant to, Predicate<Alert> visitor) {
            for (Alert alert : rows.values()) {
                boolean between =
                        !alert.receivedAt().isBefore(from) && alert.receivedAt().isBefore(to);
                if (between && alert.state() == Alert.State.NORMALISED && !visitor.test(alert)) {
                    return;
                }
            }
        }
    }

    static final class AssetTable implements Assets {
        final Map<AssetId, Asset> rows = new LinkedHashMap<>();

        @Override
        public Optional<Asset> find(AssetId id) {
            Optional<Asset> found = Optional.ofNullable(rows.get(id));
            return found.flatMap(Asset::mergedInto).map(this::find).orElse(found);
        }

        @Override
        public List<Asset> having(Organisation organisation, Asset.Kind kind, String value) {
            return rows.values().stream()
                    .filter(asset -> asset.organisation().equals(organisation)
                            && asset.mergedInto().isEmpty())
                    .filter(asset -> asset.identifiers().stream()
                            .anyMatch(identifier -> identifier.kind() == kind
                                    && identifier.value().equals(value)))
                    .sorted(Comparator.comparing(Asset::createdAt))
                    .toList();
        }

        @Override
        public List<Asset> all(Organisation organisation, int limit) {
            return rows.values().stream()
                    .filter(asset -> asset.mergedInto().isEmpty())
                    .toList();
        }

        @Override
        public void save(Asset asset) {
            rows.put(asset.id(), asset);
        }
    }

    static final class IncidentTable implements Incidents {
        final Map<IncidentId, Incident> rows = new LinkedHashMap<>();

        @Override
        public Optional<Incident> find(IncidentId id) {
            return Optional.ofNullable(rows.get(id));
        }

        @Override
        public Optional<Incident> openOn(AssetId asset, Instant from, Instant to) {
            return rows.values().stream()
                    .filter(incident -> incident.status() == Incident.Status.OPEN)
                    .filter(incident -> incident.assets().contains(asset))
                    .filter(incident -> !incident.firstSeen().isAfter(to)
                            && !incident.lastSeen().isBefore(from))
                    .max(Comparator.comparing(Incident::lastSeen));
        }

        @Override
        public List<Incident> newest(Organisation organisation, int limit) {
            return List.copyOf(rows.values());
        }

        @Override
        public void save(Incident incident) {
            rows.put(incident.id(), incident);
        }
    }

    static final class RuleTable implements Rules {
        final List<Rule> rows = new ArrayList<>();

        @Override
        public List<Rule> all(Organisation organisation) {
            return rows.stream().sorted(Comparator.comparing(Rule::position)).toList();
        }

        @Override
        public Optional<Rule> find(RuleId id) {
            return rows.stream().filter(rule -> rule.id().equals(id)).findFirst();
        }

        @Override
        public void save(Rule rule) {
            rows.add(rule);
        }

        @Override
        public boolean delete(RuleId id) {
            return rows.removeIf(rule -> rule.id().equals(id));
        }
    }

    static final class CaptureTable implements Captures, CaptureRequests {
        final Map<CaptureId, Capture> rows = new LinkedHashMap<>();
        final Map<String, Past> past = new LinkedHashMap<>();

        @Override
        public void submit(Capture capture) {
            save(capture);
        }

        @Override
        public Optional<Capture> find(CaptureId id) {
            return Optional.ofNullable(rows.get(id));
        }

        @Override
        public Optional<Capture> byEvidence(String evidence) {
            return rows.values().stream()
                    .filter(capture -> capture.evidence().equals(evidence))
                    .findFirst();
        }

        @Override
        public List<Capture> ofIncident(IncidentId incident) {
            return rows.values().stream()
                    .filter(capture -> capture.incident().equals(Optional.of(incident)))
                    .toList();
        }

        @Override
        public List<Capture> ofAsset(AssetId asset) {
            return rows.values().stream()
                    .filter(capture -> capture.asset().equals(asset))
                    .toList();
        }

        @Override
        public List<Capture> ofAsset(AssetId asset, Instant since) {
            return ofAsset(asset).stream()
                    .filter(capture -> capture.endedAt().orElse(Instant.MAX).isAfter(since))
                    .toList();
        }

        @Override
        public List<Capture> newest(Organisation organisation, int limit) {
            return List.copyOf(rows.values());
        }

        @Override
        public Optional<Capture> recent(AssetId asset, String profile, Instant since) {
            return ofAsset(asset).stream()
                    .filter(capture -> capture.profile().equals(profile))
                    .filter(capture -> !capture.requestedAt().isBefore(since))
                    .filter(capture ->
                            capture.state() != Capture.State.FAILED && capture.state() != Capture.State.CANCELLED)
                    .max(Comparator.comparing(Capture::requestedAt));
        }

        @Override
        public List<Capture> in(Organisation organisation, Capture.State state, int limit) {
            return rows.values().stream()
                    .filter(capture -> capture.state() == state)
                    .limit(limit)
                    .toList();
        }

        @Override
        public int requestedBy(RuleId rule, Instant since) {
            return (int) counted(since)
                    .filter(capture -> capture.rule().equals(Optional.of(rule)))
                    .count();
        }

        @Override
        public int requestedOf(AssetId asset, Instant since) {
            return (int) counted(since)
                    .filter(capture -> capture.asset().equals(asset))
                    .count();
        }

        @Override
        public Usage usage(Organisation organisation, Instant since) {
            List<Unknown> unknown = counted(since)
                    .filter(capture -> !capture.state().hasEnded())
                    .map(capture -> new Unknown(capture.provider(), capture.profile(), 1))
                    .toList();
            long bytes = rows.values().stream()
                    .filter(capture -> !capture.requestedAt().isBefore(since))
                    .mapToLong(Capture::done)
                    .sum();
            return new Usage((int) counted(since).count(), bytes, unknown);
        }

        @Override
        public Optional<Past> past(Organisation organisation, String provider, String profile) {
            return Optional.ofNullable(past.get(provider));
        }

        private Stream<Capture> counted(Instant since) {
            return rows.values().stream()
                    .filter(capture -> !capture.requestedAt().isBefore(since))
                    .filter(capture -> capture.plan().fallbackOf().isEmpty())
                    .filter(capture -> capture.state() != Capture.State.REJECTED);
        }

        @Override
        public Capture change(CaptureId id, UnaryOperator<Capture> change) {
            Capture changed = change.apply(find(id).orElseThrow());
            save(changed);
            return changed;
        }

        @Override
        public void save(Capture capture) {
            rows.put(capture.id(), capture);
        }
    }

    static final class DecisionTable implements Decisions {
        final List<Decision> rows = new ArrayList<>();

        @Override
        public void save(Decision decision) {
            rows.add(decision);
        }

        @Override
        public List<Decision> ofAlert(AlertId alert) {
            return rows.stream()
                    .filter(decision -> decision.alert().equals(alert))
                    .toList();
        }

        @Override
        public List<Decision> ofIncident(IncidentId incident, int limit) {
            return rows.stream()
                    .filter(decision -> decision.incident().equals(Optional.of(incident)))
                    .limit(limit)
                    .toList();
        }

        @Override
        public Map<Decision.Outcome, Long> counts(IncidentId incident) {
            return ofIncident(incident, Integer.MAX_VALUE).stream()
                    .collect(Collectors.groupingBy(Decision::outcome, Collectors.counting()));
        }
    }
}
