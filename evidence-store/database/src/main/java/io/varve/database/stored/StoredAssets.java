package io.varve.database.stored;

import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Organisation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.StatelessSession;

/// A merge points straight at the asset that remains, whatever merged into what before.
@ApplicationScoped
@Transactional
class StoredAssets implements Assets {
    private final StatelessSession session;

    @Inject
    StoredAssets(StatelessSession session) {
        this.session = session;
    }

    @Override
    public Optional<Asset> find(AssetId id) {
        AssetRow row = session.get(AssetRow.class, id.value());
        if (row != null && row.mergedInto != null) {
            row = session.get(AssetRow.class, row.mergedInto);
        }
        return row == null ? Optional.empty() : Optional.of(assets(List.of(row)).getFirst());
    }

    @Override
    public List<Asset> having(Organisation organisation, Asset.Kind kind, String value) {
        return assets(session.createSelectionQuery("""
                        from AssetRow a where a.organisation = :organisation and a.mergedInto is null
                        and a.id in (select i.asset from IdentifierRow i where i.organisation = :organisation
                        and i.kind = :kind and i.value = :value)
                        order by a.createdAt, a.id
                        """, AssetRow.class)
                .setParameter("organisation", organisation.value())
                .setParameter("kind", kind)
                .setParameter("value", value)
                .getResultList());
    }

    @Override
    public List<Asset> all(Organisation organisation, int limit) {
        return assets(session.createSelectionQuery("""
                        from AssetRow where organisation = :organisation and mergedInto is null
                        order by createdAt desc, id
                        """, AssetRow.class)
                .setParameter("organisation", organisation.value())
                .setMaxResults(limit)
                .getResultList());
    }

    @Override
    public void save(Asset asset) {
        AssetRow row = AssetRow.of(asset);
        row.mergedInto = asset.mergedInto().map(this::remaining).orElse(null);
        if (row.id.equals(row.mergedInto)) {
            throw new IllegalArgumentException("asset %s cannot be merged into itself".formatted(row.id));
        }
        if (session.get(AssetRow.class, row.id) == null) {
            session.insert(row);
        } else {
            session.update(row);
        }
        if (row.mergedInto != null) {
            session.createMutationQuery("update AssetRow set mergedInto = :into where mergedInto = :asset")
                    .setParameter("into", row.mergedInto)
                    .setParameter("asset", row.id)
                    .executeUpdate();
        }
        session.createMutationQuery("delete from IdentifierRow where asset = :asset")
                .setParameter("asset", row.id)
                .executeUpdate();
        asset.identifiers().forEach(identifier -> session.insert(IdentifierRow.of(asset, identifier)));
    }

    /// The asset that `id` means today; an unknown one stays as it is and breaks the foreign key.
    private UUID remaining(AssetId id) {
        return find(id).map(Asset::id).orElse(id).value();
    }

    List<Asset> assets(List<AssetRow> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        Map<UUID, List<IdentifierRow>> identifiers = session.createSelectionQuery(
                        "from IdentifierRow where asset in :assets", IdentifierRow.class)
                .setParameterList("assets", rows.stream().map(row -> row.id).toList())
                .getResultStream()
                .sorted(Comparator.comparing((IdentifierRow i) -> i.kind)
                        .thenComparing(i -> i.firstSeen)
                        .thenComparing(i -> i.value))
                .collect(Collectors.groupingBy(row -> row.asset));
        return rows.stream()
                .map(row -> row.asset(identifiers.getOrDefault(row.id, List.of()).stream()
                        .map(IdentifierRow::identifier)
                        .toList()))
                .toList();
    }
}
