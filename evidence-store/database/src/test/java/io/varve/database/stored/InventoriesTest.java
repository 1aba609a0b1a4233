package io.varve.database.stored;

import static io.varve.database.stored.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.Integration.Use;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.Inventories.Gap;
import io.varve.database.Inventories.Item;
import io.varve.database.Inventories.Listing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class InventoriesTest {
    private static final Instant LATER = NOW.plusSeconds(600);

    private final TestDatabase database = TestDatabase.shared();
    private final Organisation organisation = database.organisation();
    private final IntegrationId cloud = IntegrationId.mint();

    @BeforeEach
    void connect() {
        database.run(db -> db.integrations.save(new Integration(
                cloud,
                organisation,
                "aws",
                "Cloud " + cloud,
                true,
                Set.of(Use.CAPTURE),
                Map.of(),
                Map.of(),
                Optional.empty(),
                "admin",
                NOW)));
    }

    @Test
    void what_is_found_is_searched_by_words_of_its_name_place_and_tags() {
        found(NOW, item("i-1", "web-1", "111 / eu-west-1", Map.of("env", "Prod")));
        found(
                NOW,
                item("i-2", "web-2", "111 / us-east-1", Map.of("env", "test")),
                item("i-3", "a_b%c\0", "222", Map.of()));
        assertThat(ids("")).containsExactly("i-3", "i-1", "i-2");
        assertThat(ids("WEB env=prod")).containsExactly("i-1");
        assertThat(ids("web us-east")).containsExactly("i-2");
        assertThat(ids("%")).as("no pattern").containsExactly("i-3");
        assertThat(ids("a_b")).containsExactly("i-3");
        assertThat(ids("axb")).isEmpty();
        assertThat(ids("web nowhere")).isEmpty();
        database.run(db -> {
            var first = db.inventories.search(organisation, Optional.of(cloud), "web", 1);
            assertThat(first.items()).hasSize(1);
            assertThat(first.total()).isEqualTo(2);
            assertThat(db.inventories
                            .search(new Organisation("other-" + cloud), Optional.empty(), "", 10)
                            .total())
                    .isZero();
        });
    }

    @Test
    void what_a_later_list_does_not_find_is_gone_but_not_where_it_could_not_look() {
        request(NOW);
        found(NOW, item("i-1", "one", "111 / eu", Map.of()), item("i-2", "two", "111 / us", Map.of()));
        database.run(db -> db.inventories.ended(cloud, NOW, List.of(), Optional.empty(), NOW));
        request(LATER);
        assertThat(listing().endedAt()).as("under way").isEmpty();
        found(LATER, item("i-3", "three", "111 / eu", Map.of()));
        Gap gap = new Gap("111 / US", "refused");
        database.run(db -> db.inventories.ended(cloud, LATER, List.of(gap), Optional.empty(), LATER));
        assertThat(gone("i-1")).contains(LATER);
        assertThat(gone("i-2")).isEmpty();
        assertThat(gone("i-3")).isEmpty();
        assertThat(listing().gaps()).containsExactly(gap);
        assertThat(ids("")).as("what is gone comes last").containsExactly("i-3", "i-2", "i-1");
        found(LATER.plusSeconds(1), item("i-1", "one again", "111 / eu", Map.of()));
        assertThat(gone("i-1")).as("it is back").isEmpty();
        Item back = database.transaction(db -> db.inventories.item(cloud, "i-1").orElseThrow());
        assertThat(back.name()).isEqualTo("one again");
        assertThat(back.firstSeen()).isEqualTo(NOW);
    }

    @Test
    void a_list_that_failed_says_why_and_takes_nothing_to_be_gone() {
        request(NOW);
        found(NOW, item("i-1", "one", "111", Map.of()));
        request(LATER);
        database.run(db -> db.inventories.ended(cloud, LATER, List.of(), Optional.of("no answer"), LATER));
        assertThat(gone("i-1")).isEmpty();
        assertThat(listing().problem()).contains("no answer");
        database.run(db -> db.integrations.delete(cloud));
        assertThat(ids("")).as("it goes with its integration").isEmpty();
    }

    private void request(Instant at) {
        database.run(db -> db.inventories.requested(cloud, organisation, "admin", at));
    }

    private void found(Instant at, Item... items) {
        database.run(db -> db.inventories.found(cloud, organisation, List.of(items), at));
    }

    private Listing listing() {
        return database.transaction(db -> db.inventories.listing(cloud).orElseThrow());
    }

    private Optional<Instant> gone(String id) {
        return database.transaction(
                db -> db.inventories.item(cloud, id).orElseThrow().goneAt());
    }

    private List<String> ids(String words) {
        return database.transaction(
                db -> db.inventories.search(organisation, Optional.empty(), words, 10).items().stream()
                        .map(Item::id)
                        .toList());
    }

    private Item item(String id, String name, String place, Map<String, String> tags) {
        return new Item(
                cloud,
                id,
                name,
                Optional.empty(),
                "EC2 instance",
                place,
                Optional.of("linux"),
                "running",
                Optional.of(NOW),
                tags,
                Optional.empty(),
                NOW,
                NOW,
                Optional.empty());
    }
}
