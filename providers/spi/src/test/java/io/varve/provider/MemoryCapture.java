package io.varve.provider;

import io.varve.evidence.EvidenceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A capture kept in memory, for tests. It can break off right after any step, as a killed worker does.
public final class MemoryCapture implements CaptureContext {
    private final EvidenceKey evidence = EvidenceKey.mint("main");
    private final Instant deadline;
    private final String target;
    private final Orders orders;
    private final Map<String, String> steps = new LinkedHashMap<>();
    private final List<String> custody = new ArrayList<>();
    private final List<String> progress = new ArrayList<>();
    private boolean cancelled;
    private int breakAfter = Integer.MAX_VALUE;

    public MemoryCapture(String target, Instant deadline, Orders orders) {
        this.target = target;
        this.deadline = deadline;
        this.orders = orders;
    }

    /// The worker died.
    public static final class KilledException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    public void cancelIt() {
        cancelled = true;
    }

    /// Dies once, when this many steps are stored.
    public void breakAfter(int stored) {
        breakAfter = stored;
    }

    public Map<String, String> steps() {
        return steps;
    }

    public List<String> custodyActions() {
        return custody;
    }

    public List<String> progressTexts() {
        return progress;
    }

    @Override
    public String capture() {
        return "c-" + evidence.id().substring(3);
    }

    @Override
    public EvidenceKey evidence() {
        return evidence;
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public String profile() {
        return "triage";
    }

    @Override
    public Instant deadline() {
        return deadline;
    }

    @Override
    public Optional<String> step(String name) {
        return Optional.ofNullable(steps.get(name));
    }

    @Override
    public void completed(String name, String result) {
        if (steps.putIfAbsent(name, result) != null) {
            throw new AssertionError("step " + name + " was done twice");
        }
        if (steps.size() == breakAfter) {
            breakAfter = Integer.MAX_VALUE;
            throw new KilledException();
        }
    }

    @Override
    public void progress(long done, long total, String text) {
        progress.add(text);
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    @Override
    public Orders orders() {
        return orders;
    }

    @Override
    public void custody(String action, String detail) {
        custody.add(action);
    }
}
