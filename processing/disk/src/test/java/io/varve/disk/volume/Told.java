package io.varve.disk.volume;

import io.varve.disk.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What a layer told while it was read.
public final class Told implements Problems {
    public final List<String> lost = new ArrayList<>();
    public final List<String> notes = new ArrayList<>();

    @Override
    public synchronized void lost(OptionalLong offset, String reason) {
        lost.add(reason);
    }

    @Override
    public synchronized void noted(String reason) {
        notes.add(reason);
    }
}
