package io.varve.acquisition.batch;

import io.varve.acquisition.model.AlertBatches.Name;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Organisation;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The assets that a batch's alerts name.
final class BatchAssets implements Assets {
    private final Assets below;
    private final Runnable write;
    private final Set<Name> asked;
    private final Map<AssetId, Asset> known = new HashMap<>();
    private final Map<Name, Set<AssetId>> carriers = new HashMap<>();
    private final Map<AssetId, Asset> changed = new LinkedHashMap<>();
    private final Set<AssetId> foundBelow = new HashSet<>();

    BatchAssets(Assets below, Runnable write, Set<Name> asked, List<Asset> known) {
        this.below = below;
        this.write = write;
        this.asked = asked;
        known.forEach(this::learn);
    }

    /// Whether all about this asset is at hand: it was asked for, or is new.
    boolean isKnown(AssetId id) {
        return known.containsKey(id) && !foundBelow.contains(id);
    }

    List<Asset> taken() {
        List<Asset> taken = List.copyOf(changed.values());
        changed.clear();
        return taken;
    }

    @Override
    public Optional<Asset> find(AssetId id) {
        return Optional.ofNullable(known.get(id)).or(() -> {
            Optional<Asset> found = written().find(id);
            found.ifPresent(this::foundBelow);
            return found;
        });
    }

    @Override
    public List<Asset> having(Organisation organisation, Asset.Kind kind, String value) {
        var name = new Name(kind, value);
        if (!asked.contains(name)) {
            List<Asset> found = written().having(organisation, kind, value);
            found.forEach(this::foundBelow);
            return found;
        }
        return carriers.getOrDefault(name, Set.of()).stream()
                .flatMap(id -> Optional.ofNullable(known.get(id)).stream())
                .filter(asset -> carries(asset, name))
                .sorted(Comparator.comparing(Asset::createdAt)
                        .thenComparing(asset -> asset.id().toString()))
                .toList();
    }

    /// An asset may have lost a name that it was found by.
    private static boolean carries(Asset asset, Name name) {
        return asset.identifiers().stream()
                .anyMatch(identifier ->
                        identifier.kind() == name.kind() && identifier.value().equals(name.value()));
    }

    @Override
    public List<Asset> all(Organisation organisation, int limit) {
        return written().all(organisation, limit);
    }

    @Override
    public void save(Asset asset) {
        if (asset.mergedInto().isPresent()) {
            throw new UnsupportedOperationException("assets are not merged while alerts are read");
        }
        learn(asset);
        changed.put(asset.id(), asset);
    }

    private void learn(Asset asset) {
        known.put(asset.id(), asset);
        asset.identifiers()
                .forEach(identifier -> carriers.computeIfAbsent(
                                new Name(identifier.kind(), identifier.value()), name -> new LinkedHashSet<>())
                        .add(asset.id()));
    }

    private void foundBelow(Asset asset) {
        if (!known.containsKey(asset.id())) {
            foundBelow.add(asset.id());
        }
    }

    private Assets written() {
        write.run();
        return below;
    }
}
