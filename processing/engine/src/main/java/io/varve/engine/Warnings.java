package io.varve.engine;

import io.varve.binary.Limits;
import io.varve.event.Coverage.Warning;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// The first [Limits#WARNINGS] warnings of a file; the rest are counted in a last one.
final class Warnings {
    private static final int LONGEST = 1_000;

    private final List<Warning> kept = new ArrayList<>();
    private long more;

    void add(OptionalLong offset, String reason) {
        if (kept.size() >= Limits.WARNINGS) {
            more++;
            return;
        }
        kept.add(new Warning(offset, reason.length() > LONGEST ? reason.substring(0, LONGEST) + "…" : reason));
    }

    void add(long offset, String reason) {
        add(offset < 0 ? OptionalLong.empty() : OptionalLong.of(offset), reason);
    }

    List<Warning> list() {
        if (more == 0) {
            return kept;
        }
        List<Warning> all = new ArrayList<>(kept);
        all.add(new Warning(OptionalLong.empty(), "and %d more warnings".formatted(more)));
        return all;
    }
}
