package io.varve.disk.filesystem.btrfs;

import io.varve.binary.CorruptException;
import io.varve.disk.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Keeps what was lost, for callers to whom half an answer is none or who tell it later.
final class Losses implements Problems {
    private static final int MOST = 100;

    private final List<String> reasons = new ArrayList<>();

    @Override
    public void lost(OptionalLong offset, String reason) {
        if (reasons.size() < MOST) {
            reasons.add(reason);
        }
    }

    @Override
    public void noted(String reason) {}

    List<String> reasons() {
        return reasons;
    }

    /// @throws CorruptException when something was lost
    void check() {
        if (!reasons.isEmpty()) {
            throw new CorruptException(reasons.getFirst());
        }
    }
}
