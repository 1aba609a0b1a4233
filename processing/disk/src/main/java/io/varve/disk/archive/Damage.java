package io.varve.disk.archive;

import java.util.OptionalLong;

/// What of an archive could not be read, and where.
public record Damage(OptionalLong offset, String reason) {
    static Damage at(long offset, String reason) {
        return new Damage(OptionalLong.of(offset), reason);
    }

    static Damage of(String reason) {
        return new Damage(OptionalLong.empty(), reason);
    }
}
