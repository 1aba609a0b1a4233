package io.varve.web.capture;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.RuleId;
import io.varve.evidence.EvidenceKey;
import io.varve.web.Named;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A capture as clients see it.
public record CaptureView(
        String id,
        String evidence,
        Named asset,
        String provider,
        String profile,
        Optional<String> incident,
        Optional<String> alert,
        Optional<String> rule,
        String requestedBy,
        Instant requestedAt,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        Capture.State state,
        boolean cancelRequested,
        long done,
        long total,
        String text,
        Map<String, String> steps,
        Optional<String> fallbackOf,
        List<String> next,
        Optional<ApprovalView> approval) {
    /// @param approved absent while nobody has answered
    public record ApprovalView(
            Instant before,
            Optional<Boolean> approved,
            Optional<String> by,
            Optional<Instant> at,
            Optional<String> reason) {
        static ApprovalView of(Capture.Approval approval) {
            Optional<Capture.Verdict> verdict = approval.verdict();
            return new ApprovalView(
                    approval.before(),
                    verdict.map(Capture.Verdict::approved),
                    verdict.map(Capture.Verdict::by),
                    verdict.map(Capture.Verdict::at),
                    verdict.map(Capture.Verdict::reason));
        }
    }

    public static CaptureView of(Capture capture, Assets assets) {
        return new CaptureView(
                capture.id().toString(),
                new EvidenceKey(capture.evidence()).id(),
                Named.asset(capture.asset(), assets),
                capture.provider(),
                capture.profile(),
                capture.incident().map(IncidentId::toString),
                capture.alert().map(AlertId::toString),
                capture.rule().map(RuleId::toString),
                capture.requestedBy(),
                capture.requestedAt(),
                capture.startedAt(),
                capture.endedAt(),
                capture.state(),
                capture.cancelRequested(),
                capture.done(),
                capture.total(),
                capture.text(),
                capture.steps(),
                capture.plan().fallbackOf().map(CaptureId::toString),
                capture.plan().next(),
                capture.plan().approval().map(ApprovalView::of));
    }
}
