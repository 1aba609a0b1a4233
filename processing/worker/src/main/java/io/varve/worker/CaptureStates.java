package io.varve.worker;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Captures;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Changes of a capture, each from what is stored to what is stored.
final class CaptureStates {
    private CaptureStates() {}

    static Capture change(Captures captures, CaptureId id, UnaryOperator<Capture> change) {
        return QuarkusTransaction.requiringNew().call(() -> captures.change(id, change));
    }

    static Capture with(
            Capture capture, Capture.State state, Optional<Instant> started, Optional<Instant> ended, String text) {
        return copy(capture, started, ended, state, capture.steps(), capture.done(), capture.total(), text);
    }

    static Capture withStep(Capture capture, String step, String result) {
        var steps = new java.util.TreeMap<>(capture.steps());
        steps.put(step, result);
        return copy(
                capture,
                capture.startedAt(),
                capture.endedAt(),
                capture.state(),
                Map.copyOf(steps),
                capture.done(),
                capture.total(),
                capture.text());
    }

    static Capture withProgress(Capture capture, long done, long total, String text) {
        return copy(
                capture, capture.startedAt(), capture.endedAt(), capture.state(), capture.steps(), done, total, text);
    }

    private static Capture copy(
            Capture capture,
            Optional<Instant> started,
            Optional<Instant> ended,
            Capture.State state,
            Map<String, String> steps,
            long done,
            long total,
            String text) {
        return new Capture(
                capture.id(),
                capture.organisation(),
                capture.evidence(),
                capture.asset(),
                capture.provider(),
                capture.target(),
                capture.profile(),
                capture.alert(),
                capture.incident(),
                capture.rule(),
                capture.requestedBy(),
                capture.requestedAt(),
                started,
                ended,
                state,
                capture.cancelRequested(),
                steps,
                done,
                total,
                text,
                capture.plan());
    }
}
