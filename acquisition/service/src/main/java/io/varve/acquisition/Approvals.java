package io.varve.acquisition;

import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Capture.Verdict;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.Decision;
import io.varve.acquisition.model.Decision.Outcome;
import io.varve.acquisition.model.Decisions;
import java.time.Instant;
import java.util.Optional;

/// Lets captures that wait for a person start, or not. Runs inside one transaction of the caller.
public final class Approvals {
    /// Who rejects what nobody answered in time.
    private static final String NOBODY = "varve";

    private final Captures captures;
    private final CaptureRequests requests;
    private final Decisions decisions;

    public Approvals(Captures captures, CaptureRequests requests, Decisions decisions) {
        this.captures = captures;
        this.requests = requests;
        this.decisions = decisions;
    }

    /// @return empty when the capture does not wait for approval, or not any more
    public Optional<Capture> approve(CaptureId id, String by, String reason, Instant now) {
        Optional<Capture> judged = judge(
                id,
                new Verdict(true, by, now, reason),
                "Approved by %s: %s. Waiting for a worker".formatted(by, reason));
        judged.ifPresent(requests::submit);
        return judged;
    }

    /// @return empty when the capture does not wait for approval, or not any more
    public Optional<Capture> reject(CaptureId id, String by, String reason, Instant now) {
        return judge(id, new Verdict(false, by, now, reason), "Rejected by %s: %s".formatted(by, reason));
    }

    /// Rejects a capture whose time for approval is over.
    public void expire(CaptureId id, Instant now) {
        Optional<Instant> before = captures.find(id)
                .flatMap(capture -> capture.plan().approval())
                .map(Capture.Approval::before)
                .filter(end -> !now.isBefore(end));
        if (before.isEmpty()) {
            return;
        }
        String reason = "nobody approved it before " + before.get();
        judge(id, new Verdict(false, NOBODY, now, reason), "Rejected: " + reason);
    }

    private Optional<Capture> judge(CaptureId id, Verdict verdict, String text) {
        boolean waits = captures.find(id)
                .filter(capture -> capture.state() == Capture.State.AWAITING_APPROVAL)
                .isPresent();
        if (!waits) {
            return Optional.empty();
        }
        // what is stored decides: two people may answer at the same time
        Capture judged = captures.change(
                id,
                stored -> stored.state() == Capture.State.AWAITING_APPROVAL ? stored.judged(verdict, text) : stored);
        boolean ours = judged.plan()
                .approval()
                .flatMap(Capture.Approval::verdict)
                .filter(verdict::equals)
                .isPresent();
        if (!ours) {
            return Optional.empty();
        }
        note(judged, verdict, text);
        return Optional.of(judged);
    }

    private void note(Capture capture, Verdict verdict, String text) {
        capture.alert()
                .ifPresent(alert -> decisions.save(new Decision(
                        alert,
                        capture.organisation(),
                        capture.incident(),
                        capture.rule(),
                        verdict.approved() ? Outcome.APPROVED : Outcome.REJECTED,
                        text + ".",
                        verdict.at(),
                        Optional.of(capture.id()),
                        Optional.of(capture.id()))));
    }
}
