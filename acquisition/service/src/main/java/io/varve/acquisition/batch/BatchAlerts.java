package io.varve.acquisition.batch;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertBatches.Identity;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Organisation;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The alerts of a batch and those that came before under the same identity.
final class BatchAlerts implements Alerts {
    private final Alerts below;
    private final Runnable write;
    private final Map<AlertId, byte[]> raws;
    private final Set<Identity> asked;
    private final Map<Identity, Alert> known;
    private final Set<AlertId> fresh = new HashSet<>();
    private final Map<AlertId, Alert> changed = new LinkedHashMap<>();
    private final Map<AssetId, List<Alert>> ofAssets = new HashMap<>();

    /// @param write writes what was changed here and elsewhere in the batch
    BatchAlerts(
            Alerts below,
            Runnable write,
            List<Alert> unread,
            Map<AlertId, byte[]> raws,
            Set<Identity> asked,
            Map<Identity, Alert> known) {
        this.below = below;
        this.write = write;
        this.raws = raws;
        this.asked = asked;
        this.known = new HashMap<>(known);
        unread.forEach(alert -> fresh.add(alert.id()));
    }

    /// Whether the alert was never read before, so that nothing can have been decided about it.
    boolean isFresh(AlertId id) {
        return fresh.contains(id);
    }

    List<Alert> taken() {
        List<Alert> taken = List.copyOf(changed.values());
        changed.clear();
        ofAssets.clear();
        return taken;
    }

    @Override
    public void receive(Alert alert, byte[] raw) {
        below.receive(alert, raw);
        fresh.add(alert.id());
    }

    @Override
    public Optional<Alert> find(AlertId id) {
        return Optional.ofNullable(changed.get(id)).or(() -> below.find(id));
    }

    @Override
    public byte[] raw(AlertId id) {
        return Optional.ofNullable(raws.get(id)).orElseGet(() -> below.raw(id));
    }

    @Override
    public Optional<Alert> bySourceId(Organisation organisation, String source, String sourceAlertId) {
        var identity = new Identity(source, sourceAlertId);
        return asked.contains(identity)
                ? Optional.ofNullable(known.get(identity))
                : written().bySourceId(organisation, source, sourceAlertId);
    }

    @Override
    public void update(Alert alert) {
        changed.put(alert.id(), alert);
        if (alert.state() == Alert.State.NORMALISED) {
            alert.normalised()
                    .ifPresent(content -> known.put(new Identity(alert.source(), content.sourceAlertId()), alert));
        }
    }

    @Override
    public List<Alert> ofAsset(AssetId asset, int limit) {
        List<Alert> before = ofAssets.computeIfAbsent(asset, id -> below.ofAsset(id, limit));
        Stream<Alert> now = changed.values().stream()
                .filter(alert -> alert.state() == Alert.State.NORMALISED)
                .filter(alert -> alert.asset().equals(Optional.of(asset)));
        return Stream.concat(now, before.stream().filter(alert -> !changed.containsKey(alert.id())))
                .sorted(Comparator.comparing(Alert::receivedAt)
                        .reversed()
                        .thenComparing(alert -> alert.id().toString()))
                .limit(limit)
                .toList();
    }

    @Override
    public List<Alert> ofIncident(IncidentId incident, int limit) {
        return written().ofIncident(incident, limit);
    }

    @Override
    public Optional<Group> group(Organisation organisation, String source, String sourceGroupId) {
        return written().group(organisation, source, sourceGroupId);
    }

    @Override
    public List<Alert> newest(Organisation organisation, int limit) {
        return written().newest(organisation, limit);
    }

    @Override
    public List<Organisation> waiting() {
        return written().waiting();
    }

    @Override
    public List<Alert> unread(Organisation organisation, int limit) {
        return written().unread(organisation, limit);
    }

    @Override
    public int unreadCount(Organisation organisation, int most) {
        return written().unreadCount(organisation, most);
    }

    @Override
    public void walk(Organisation organisation, Instant from, Instant to, Predicate<Alert> visitor) {
        written().walk(organisation, from, to, visitor);
    }

    private Alerts written() {
        write.run();
        return below;
    }
}
