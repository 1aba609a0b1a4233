package io.varve.database.stored;

import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.Inventories;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.StatelessSession;
import org.hibernate.query.SelectionQuery;

@ApplicationScoped
@Transactional
class StoredInventories implements Inventories {
    private static final int MOST_WORDS = 10;

    private final StatelessSession session;

    @Inject
    StoredInventories(StatelessSession session) {
        this.session = session;
    }

    @Override
    public void requested(IntegrationId integration, Organisation organisation, String by, Instant at) {
        InventoryRow known = session.get(InventoryRow.class, integration.value());
        InventoryRow row = known == null ? new InventoryRow() : known;
        row.integration = integration.value();
        row.organisation = organisation.value();
        row.requestedBy = by;
        row.requestedAt = at;
        row.endedAt = null;
        row.problem = null;
        row.gaps = "[]";
        if (known == null) {
            session.insert(row);
        } else {
            session.update(row);
        }
    }

    @Override
    public Optional<Listing> listing(IntegrationId integration) {
        return Optional.ofNullable(session.get(InventoryRow.class, integration.value()))
                .map(InventoryRow::listing);
    }

    @Override
    public void found(IntegrationId integration, Organisation organisation, List<Item> batch, Instant at) {
        Map<String, Object> rows = batch.stream()
                .collect(Collectors.toMap(Item::id, StoredInventories::columns, (earlier, later) -> later));
        session.createNativeMutationQuery("""
                        insert into inventory_item (integration, id, organisation, name, host_name, kind, place, platform,
                            state, started_at, tags, ephemeral, searched, first_seen, last_seen)
                        select :integration, id, :organisation, name, host_name, kind, place, platform,
                            state, started_at, tags, ephemeral, searched, :at, :at
                        from jsonb_to_recordset(cast(:rows as jsonb)) as found (id text, name text, host_name text,
                            kind text, place text, platform text, state text, started_at timestamptz, tags jsonb,
                            ephemeral text, searched text)
                        on conflict (integration, id) do update set name = excluded.name,
                            host_name = excluded.host_name, kind = excluded.kind, place = excluded.place,
                            platform = excluded.platform, state = excluded.state, started_at = excluded.started_at,
                            tags = excluded.tags, ephemeral = excluded.ephemeral, searched = excluded.searched,
                            last_seen = excluded.last_seen, gone_at = null
                        """)
                .setParameter("integration", integration.value())
                .setParameter("organisation", organisation.value())
                .setParameter("at", at)
                .setParameter("rows", Json.write(rows.values()))
                .executeUpdate();
    }

    private static Map<String, Object> columns(Item item) {
        var columns = new HashMap<String, Object>();
        columns.put("id", item.id());
        columns.put("name", item.name());
        item.hostName().ifPresent(name -> columns.put("host_name", name));
        columns.put("kind", item.kind());
        columns.put("place", item.place());
        item.platform().ifPresent(platform -> columns.put("platform", platform));
        columns.put("state", item.state());
        item.startedAt().ifPresent(at -> columns.put("started_at", at));
        columns.put("tags", item.tags());
        item.ephemeral().ifPresent(why -> columns.put("ephemeral", why));
        columns.put("searched", searched(item));
        return columns;
    }

    private static String searched(Item item) {
        var parts = new ArrayList<>(List.of(item.name(), item.id(), item.kind(), item.place(), item.state()));
        item.hostName().ifPresent(parts::add);
        item.platform().ifPresent(parts::add);
        item.tags().forEach((name, value) -> parts.add(name + "=" + value));
        return String.join("\n", parts).toLowerCase(Locale.ROOT);
    }

    @Override
    public void ended(IntegrationId integration, Instant began, List<Gap> gaps, Optional<String> problem, Instant at) {
        InventoryRow row = session.get(InventoryRow.class, integration.value());
        if (row == null) {
            return;
        }
        row.endedAt = at;
        row.problem = problem.map(PlainText::storable).orElse(null);
        row.gaps = Json.write(gaps);
        session.update(row);
        if (problem.isEmpty()) {
            for (String place : notFound(integration, began)) {
                if (gaps.stream().noneMatch(gap -> isBelow(place, gap.place()))) {
                    gone(integration, place, began, at);
                }
            }
        }
    }

    /// Places are written as the vendor writes them now and as somebody wrote them into the integration.
    private static boolean isBelow(String place, String gap) {
        return place.toLowerCase(Locale.ROOT).startsWith(gap.toLowerCase(Locale.ROOT));
    }

    private List<String> notFound(IntegrationId integration, Instant began) {
        return session.createSelectionQuery(
                        "select distinct place from InventoryItemRow where integration = :integration and goneAt is null"
                                + " and lastSeen < :began",
                        String.class)
                .setParameter("integration", integration.value())
                .setParameter("began", began)
                .getResultList();
    }

    private void gone(IntegrationId integration, String place, Instant began, Instant at) {
        session.createMutationQuery(
                        "update InventoryItemRow set goneAt = :at where integration = :integration and place = :place"
                                + " and goneAt is null and lastSeen < :began")
                .setParameter("at", at)
                .setParameter("integration", integration.value())
                .setParameter("place", place)
                .setParameter("began", began)
                .executeUpdate();
    }

    @Override
    public Found search(Organisation organisation, Optional<IntegrationId> integration, String words, int limit) {
        List<String> wanted = words.toLowerCase(Locale.ROOT)
                .lines()
                .flatMap(line -> Stream.of(line.strip().split("\\s+")))
                .filter(word -> !word.isEmpty())
                .limit(MOST_WORDS)
                .toList();
        var where = new StringBuilder("from InventoryItemRow where organisation = :organisation");
        if (integration.isPresent()) {
            where.append(" and integration = :integration");
        }
        for (int i = 0; i < wanted.size(); i++) {
            where.append(" and locate(:word").append(i).append(", searched) > 0");
        }
        List<Item> items = filled(
                        session.createSelectionQuery(
                                where + " order by case when goneAt is null then 0 else 1 end, name, id",
                                InventoryItemRow.class),
                        organisation,
                        integration,
                        wanted)
                .setMaxResults(limit)
                .getResultStream()
                .map(InventoryItemRow::item)
                .toList();
        Long total = filled(
                        session.createSelectionQuery("select count(*) " + where, Long.class),
                        organisation,
                        integration,
                        wanted)
                .getSingleResult();
        return new Found(items, total);
    }

    private static <T> SelectionQuery<T> filled(
            SelectionQuery<T> query,
            Organisation organisation,
            Optional<IntegrationId> integration,
            List<String> words) {
        query.setParameter("organisation", organisation.value());
        integration.ifPresent(id -> query.setParameter("integration", id.value()));
        for (int i = 0; i < words.size(); i++) {
            query.setParameter("word" + i, words.get(i));
        }
        return query;
    }

    @Override
    public Optional<Item> item(IntegrationId integration, String id) {
        return Optional.ofNullable(
                        session.get(InventoryItemRow.class, new InventoryItemRow.Key(integration.value(), id)))
                .map(InventoryItemRow::item);
    }
}
