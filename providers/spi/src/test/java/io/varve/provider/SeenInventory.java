package io.varve.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.provider.Inventory.Found;
import io.varve.provider.Inventory.Listing;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What an inventory handed over: nothing twice.
public final class SeenInventory implements Listing {
    public final Map<String, Found> found = new LinkedHashMap<>();
    /// Reasons by place.
    public final Map<String, String> gaps = new LinkedHashMap<>();

    @Override
    public void found(Found one) {
        assertThat(found.put(one.id(), one))
                .as(one.id() + " is handed over once")
                .isNull();
    }

    @Override
    public void gap(String place, String reason) {
        assertThat(gaps.put(place, reason)).as("gap " + place).isNull();
    }

    public Found one(String id) {
        return Optional.ofNullable(found.get(id)).orElseThrow(() -> new AssertionError("not found: " + id));
    }
}
