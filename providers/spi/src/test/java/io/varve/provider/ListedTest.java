package io.varve.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.provider.Inventory.Found;
import io.varve.provider.Inventory.Listing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ListedTest {
    private final List<Found> found = new ArrayList<>();
    private final Map<String, String> gaps = new HashMap<>();
    private final Listed listed = new Listed(new Listing() {
        @Override
        public void found(Found one) {
            found.add(one);
        }

        @Override
        public void gap(String place, String reason) {
            gaps.put(place, reason);
        }
    });

    private static Found instance(String id, String name, Map<String, String> tags) {
        return new Found(
                id,
                name,
                Optional.empty(),
                "EC2 instance",
                "1 / eu-west-3",
                Optional.of("linux"),
                "running",
                Optional.empty(),
                tags,
                Optional.empty());
    }

    @Test
    void after_a_hundred_thousand_a_gap_says_that_there_are_more() {
        for (int i = 0; i < 100_000; i++) {
            listed.found(instance("i-" + i, "web", Map.of()));
        }
        assertThat(listed.isFull()).isFalse();
        assertThat(gaps).isEmpty();
        listed.found(instance("i-100000", "web", Map.of()));
        listed.found(instance("i-100001", "web", Map.of()));
        assertThat(listed.isFull()).isTrue();
        assertThat(found).hasSize(100_000);
        assertThat(gaps).containsOnlyKeys("");
        assertThat(gaps.get("")).startsWith("100,000 were found");
    }

    @Test
    void what_comes_twice_is_handed_over_once() {
        listed.found(instance("i-1", "web", Map.of()));
        listed.found(instance("i-1", "web", Map.of()));
        assertThat(found).hasSize(1);
    }

    @Test
    void long_words_are_cut_between_characters() {
        var tags = new HashMap<String, String>();
        for (int i = 0; i < 60; i++) {
            tags.put("tag-" + i, "v".repeat(1000));
        }
        listed.found(instance("i-1", "x".repeat(255) + "\uD83D\uDE00", tags));
        assertThat(found.getFirst().name()).isEqualTo("x".repeat(255));
        assertThat(found.getFirst().tags())
                .hasSize(50)
                .allSatisfy((name, value) -> assertThat(value).hasSize(256));
    }
}
