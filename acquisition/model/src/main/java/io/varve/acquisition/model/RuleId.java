package io.varve.acquisition.model;

import java.util.UUID;

/// Identity of one rule.
public record RuleId(UUID value) {
    public static RuleId mint() {
        return new RuleId(UUID.randomUUID());
    }

    /// @throws IllegalArgumentException when the text is not a UUID
    public static RuleId of(String text) {
        return new RuleId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
