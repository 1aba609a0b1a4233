package io.varve.database.stored;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertBatches;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Decision;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.Changes.What;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.hibernate.StatelessSession;

/// Questions and writes for many rows at once: each is one way to the database, however many rows it is about.
@ApplicationScoped
@Transactional
class StoredAlertBatches implements AlertBatches {
    private final StatelessSession session;
    private final StoredAssets assets;
    private final StoredIncidents incidents;
    private final StoredChanges changes;

    @Inject
    StoredAlertBatches(
            StatelessSession session, StoredAssets assets, StoredIncidents incidents, StoredChanges changes) {
        this.session = session;
        this.assets = assets;
        this.incidents = incidents;
        this.changes = changes;
    }

    @Override
    public Map<AlertId, byte[]> raws(List<AlertId> alerts, long most) {
        List<UUID> ids = fitting(alerts.stream().map(AlertId::value).toList(), most);
        return ids.isEmpty()
                ? Map.of()
                : session.createSelectionQuery("from AlertRawRow where alert in :alerts", AlertRawRow.class)
                        .setParameterList("alerts", ids)
                        .getResultStream()
                        .collect(Collectors.toMap(row -> new AlertId(row.alert), row -> row.body));
    }

    private List<UUID> fitting(List<UUID> alerts, long most) {
        if (alerts.isEmpty()) {
            return List.of();
        }
        Map<UUID, Integer> sizes = session.createSelectionQuery(
                        "select alert, sql('octet_length(?)', body) from AlertRawRow where alert in :alerts",
                        Object[].class)
                .setParameterList("alerts", alerts)
                .getResultStream()
                .collect(Collectors.toMap(row -> (UUID) row[0], row -> ((Number) row[1]).intValue()));
        var fitting = new ArrayList<UUID>();
        long total = 0;
        for (UUID alert : alerts) {
            total += sizes.getOrDefault(alert, 0);
            if (total > most) {
                break;
            }
            fitting.add(alert);
        }
        return fitting;
    }

    @Override
    public Known known(Organisation organisation, Question question) {
        List<Asset> found = assets(organisation, question.names());
        Map<UUID, AssetId> meaning = meaning(found);
        return new Known(
                alerts(organisation, question.alerts()),
                found,
                meaning.isEmpty() ? Map.of() : incidents(meaning, question),
                meaning.isEmpty() ? Map.of() : captures(meaning));
    }

    private Map<Identity, Alert> alerts(Organisation organisation, Set<Identity> asked) {
        var found = new HashMap<Identity, Alert>();
        Map<String, List<Identity>> bySource = asked.stream().collect(Collectors.groupingBy(Identity::source));
        bySource.forEach((source, identities) -> {
            Map<String, Identity> byId = identities.stream()
                    .collect(Collectors.toMap(
                            identity -> PlainText.storable(identity.sourceAlertId()),
                            Function.identity(),
                            (one, other) -> one));
            session.createSelectionQuery("""
                            from AlertRow a where a.organisation = :organisation and a.source = :source
                            and sql('md5(?)', a.sourceAlertId) in (:digests) and a.state <> REPEAT
                            """, AlertRow.class)
                    .setParameter("organisation", organisation.value())
                    .setParameter("source", source)
                    .setParameterList(
                            "digests",
                            byId.keySet().stream().map(StoredAlertBatches::md5).toList())
                    .getResultStream()
                    .forEach(row -> Optional.ofNullable(byId.get(String.valueOf(row.sourceAlertId)))
                            .ifPresent(identity -> found.put(identity, row.alert())));
        });
        return found;
    }

    /// As in the index: a source's id may be longer than an index entry.
    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Asset> assets(Organisation organisation, Set<Name> names) {
        var values = new EnumMap<Asset.Kind, List<String>>(Asset.Kind.class);
        names.forEach(name ->
                values.computeIfAbsent(name.kind(), kind -> new ArrayList<>()).add(name.value()));
        var carriers = new HashSet<UUID>();
        values.forEach((kind, carried) -> carriers.addAll(session.createSelectionQuery("""
                        select asset from IdentifierRow where organisation = :organisation
                        and kind = :kind and value in (:values)
                        """, UUID.class)
                .setParameter("organisation", organisation.value())
                .setParameter("kind", kind)
                .setParameterList("values", carried)
                .getResultList()));
        return carriers.isEmpty()
                ? List.of()
                : assets.assets(session.createSelectionQuery(
                                "from AssetRow where id in :assets and mergedInto is null", AssetRow.class)
                        .setParameterList("assets", carriers)
                        .getResultList());
    }

    /// What each asset's id means today, with the ids of those that were merged into it.
    private Map<UUID, AssetId> meaning(List<Asset> found) {
        var meaning = new HashMap<UUID, AssetId>();
        found.forEach(asset -> meaning.put(asset.id().value(), asset.id()));
        if (!found.isEmpty()) {
            session.createSelectionQuery("from AssetRow where mergedInto in :assets", AssetRow.class)
                    .setParameterList("assets", List.copyOf(meaning.keySet()))
                    .getResultStream()
                    .forEach(row -> Optional.ofNullable(row.mergedInto)
                            .ifPresent(into -> meaning.put(row.id, new AssetId(into))));
        }
        return meaning;
    }

    private Map<AssetId, List<Incident>> incidents(Map<UUID, AssetId> meaning, Question question) {
        List<IncidentAssetRow> links = session.createSelectionQuery("""
                        from IncidentAssetRow x where x.asset in :assets and x.incident in
                        (select i.id from IncidentRow i where i.status = OPEN
                        and i.firstSeen <= :to and i.lastSeen >= :from)
                        """, IncidentAssetRow.class)
                .setParameterList("assets", meaning.keySet())
                .setParameter("from", question.from())
                .setParameter("to", question.to())
                .getResultList();
        if (links.isEmpty()) {
            return Map.of();
        }
        Map<UUID, Incident> open = incidents
                .incidents(session.createSelectionQuery("from IncidentRow where id in :incidents", IncidentRow.class)
                        .setParameterList(
                                "incidents",
                                links.stream().map(link -> link.incident).collect(Collectors.toSet()))
                        .getResultList())
                .stream()
                .collect(Collectors.toMap(incident -> incident.id().value(), Function.identity()));
        var byAsset = new HashMap<AssetId, List<Incident>>();
        for (IncidentAssetRow link : links) {
            Optional<AssetId> asset = Optional.ofNullable(meaning.get(link.asset));
            Optional<Incident> incident = Optional.ofNullable(open.get(link.incident));
            asset.ifPresent(id -> incident.ifPresent(known ->
                    byAsset.computeIfAbsent(id, none -> new ArrayList<>()).add(known)));
        }
        return byAsset;
    }

    private Map<AssetId, List<Capture>> captures(Map<UUID, AssetId> meaning) {
        var byAsset = new HashMap<AssetId, List<Capture>>();
        session.createSelectionQuery("""
                        from CaptureRow c where c.id in (select n.id from (select r.id as id, row_number() over
                        (partition by r.asset order by r.requestedAt desc) as place from CaptureRow r
                        where r.asset in :assets) n where n.place <= :most) order by c.requestedAt desc, c.id
                        """, CaptureRow.class)
                .setParameterList("assets", meaning.keySet())
                .setParameter("most", StoredCaptures.MOST)
                .getResultStream()
                .map(CaptureRow::capture)
                .forEach(capture -> byAsset.computeIfAbsent(
                                meaning.getOrDefault(capture.asset().value(), capture.asset()),
                                none -> new ArrayList<>())
                        .add(capture));
        return byAsset;
    }

    @Override
    public void save(Organisation organisation, Result result) {
        assets(result.assets());
        incidents(result.incidents());
        many(result.alerts().stream().map(AlertRow::of).toList(), session::updateMultiple);
        many(
                result.decisions().stream()
                        .map(decision -> DecisionRow.of(UUID.randomUUID(), decision))
                        .toList(),
                session::insertMultiple);
        changes.incidents(organisation, touched(result), What.ALERT);
    }

    private static Set<IncidentId> touched(Result result) {
        var touched = new LinkedHashSet<IncidentId>();
        result.incidents().forEach(incident -> touched.add(incident.id()));
        result.alerts().forEach(alert -> alert.incident().ifPresent(touched::add));
        result.decisions().stream().map(Decision::incident).forEach(incident -> incident.ifPresent(touched::add));
        return touched;
    }

    private void assets(Collection<Asset> changed) {
        if (changed.isEmpty()) {
            return;
        }
        List<UUID> ids = changed.stream().map(asset -> asset.id().value()).toList();
        Set<UUID> kept = kept("select id from AssetRow where id in :ids", ids);
        write(changed.stream().map(AssetRow::of).toList(), row -> kept.contains(row.id));
        session.createMutationQuery("delete from IdentifierRow where asset in :assets")
                .setParameterList("assets", ids)
                .executeUpdate();
        many(
                changed.stream()
                        .flatMap(asset ->
                                asset.identifiers().stream().map(identifier -> IdentifierRow.of(asset, identifier)))
                        .toList(),
                session::insertMultiple);
    }

    private void incidents(Collection<Incident> changed) {
        if (changed.isEmpty()) {
            return;
        }
        List<UUID> ids = changed.stream().map(incident -> incident.id().value()).toList();
        Set<UUID> kept = kept("select id from IncidentRow where id in :ids", ids);
        write(changed.stream().map(IncidentRow::of).toList(), row -> kept.contains(row.id));
        session.createMutationQuery("delete from IncidentAssetRow where incident in :incidents")
                .setParameterList("incidents", ids)
                .executeUpdate();
        many(changed.stream().map(IncidentAssetRow::of).flatMap(List::stream).toList(), session::insertMultiple);
    }

    private Set<UUID> kept(String query, List<UUID> ids) {
        return Set.copyOf(session.createSelectionQuery(query, UUID.class)
                .setParameterList("ids", ids)
                .getResultList());
    }

    private <T> void write(List<T> rows, Predicate<T> isKept) {
        Map<Boolean, List<T>> parted = rows.stream().collect(Collectors.partitioningBy(isKept));
        many(parted.getOrDefault(true, List.of()), session::updateMultiple);
        many(parted.getOrDefault(false, List.of()), session::insertMultiple);
    }

    private static <T> void many(List<T> rows, Consumer<List<?>> writing) {
        if (!rows.isEmpty()) {
            writing.accept(rows);
        }
    }
}
