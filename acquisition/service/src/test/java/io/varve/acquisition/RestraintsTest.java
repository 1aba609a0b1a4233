package io.varve.acquisition;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureHistory;
import io.varve.acquisition.model.Decision.Outcome;
import io.varve.acquisition.model.Rule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Budgets, approvals, and alerts that come twice: what keeps automation within its bounds.
@Tag("contained")
final class RestraintsTest {
    private static final String ALERT = "{'id':'%s','severity':90,'host':'%s'}";

    private final Desk desk = new Desk();

    @Test
    void anAssetIsCapturedSoOftenADayAndNotMore() {
        desk.budgets = new Budgets(2, 100, Long.MAX_VALUE / 2);
        desk.kept.rules.save(rule(Duration.ZERO, 20, Rule.Approval.NONE));
        desk.enrol("agent-1", "web01");

        assertThat(desk.outcomes(captured("1", "web01"))).containsExactly(Outcome.CAPTURE_REQUESTED);
        assertThat(desk.outcomes(captured("2", "web01"))).containsExactly(Outcome.CAPTURE_REQUESTED);
        Alert third = captured("3", "web01");

        assertThat(desk.outcomes(third)).containsExactly(Outcome.ASSET_BUDGET_SPENT);
        assertThat(desk.last(third).reason()).contains("2 of 2", "varve.budget.asset-daily");
        desk.now = desk.now.plus(Duration.ofDays(1));
        assertThat(desk.outcomes(captured("4", "web01"))).containsExactly(Outcome.CAPTURE_REQUESTED);
    }

    @Test
    void anOrganisationsBytesAreCountedBeforeTheyAreKnown() {
        desk.budgets = new Budgets(10, 100, 2_500);
        desk.kept.captures.past.put("endpoint", new CaptureHistory.Past(3, 1_000, Duration.ofMinutes(1)));
        desk.kept.rules.save(rule(Duration.ZERO, 20, Rule.Approval.NONE));
        for (String host : List.of("web01", "web02", "web03")) {
            desk.enrol("agent-" + host, host);
        }
        desk.receive(ALERT.formatted("1", "web01"));
        desk.receive(ALERT.formatted("2", "web02"));

        Alert third = desk.receive(ALERT.formatted("3", "web03"));

        assertThat(desk.outcomes(third)).containsExactly(Outcome.ORGANISATION_BUDGET_SPENT);
        assertThat(desk.last(third).reason()).contains("2,000", "1,000", "2,500");
    }

    @Test
    void aCaptureWaitsForAPersonWhoseWordIsKept() {
        desk.kept.rules.save(rule(Duration.ofHours(1), 20, Rule.Approval.REQUIRED));
        desk.enrol("agent-1", "web01");

        Alert alert = desk.receive(ALERT.formatted("1", "web01"));
        Capture waiting = desk.newest();
        assertThat(waiting.state()).isEqualTo(Capture.State.AWAITING_APPROVAL);
        desk.now = desk.now.plusSeconds(3600);
        Capture approved = desk.approvals
                .approve(waiting.id(), "user:alice", "it looks real", desk.now)
                .orElseThrow();

        assertThat(approved.state()).isEqualTo(Capture.State.QUEUED);
        assertThat(approved.dueSince()).isEqualTo(desk.now);
        assertThat(approved.plan()
                        .approval()
                        .orElseThrow()
                        .verdict()
                        .orElseThrow()
                        .by())
                .isEqualTo("user:alice");
        assertThat(desk.outcomes(alert)).containsExactly(Outcome.AWAITING_APPROVAL, Outcome.APPROVED);
        assertThat(desk.approvals.reject(waiting.id(), "user:bob", "no", desk.now))
                .as("it does not wait any more")
                .isEmpty();
    }

    @Test
    void whatWasRejectedIsNotAskedForAgainWithinTheWindow() {
        desk.kept.rules.save(rule(Duration.ofHours(1), 20, Rule.Approval.REQUIRED));
        desk.enrol("agent-1", "web01");
        Alert first = desk.receive(ALERT.formatted("1", "web01"));
        desk.approvals.reject(desk.newest().id(), "user:alice", "a test of ours", desk.now);

        Alert second = desk.receive(ALERT.formatted("2", "web01"));

        assertThat(desk.outcomes(first)).containsExactly(Outcome.AWAITING_APPROVAL, Outcome.REJECTED);
        assertThat(desk.outcomes(second)).containsExactly(Outcome.REJECTED);
        assertThat(desk.last(second).reason()).contains("a test of ours");
    }

    @Test
    void whatNobodyApprovedInTimeIsRejected() {
        desk.kept.rules.save(rule(Duration.ofHours(1), 20, Rule.Approval.REQUIRED));
        desk.enrol("agent-1", "web01");
        Alert alert = desk.receive(ALERT.formatted("1", "web01"));
        Capture waiting = desk.newest();

        desk.approvals.expire(waiting.id(), desk.now.plus(Duration.ofHours(23)));
        assertThat(desk.newest().state()).isEqualTo(Capture.State.AWAITING_APPROVAL);
        desk.approvals.expire(waiting.id(), desk.now.plus(Duration.ofHours(24)));

        assertThat(desk.newest().state()).isEqualTo(Capture.State.REJECTED);
        assertThat(desk.last(alert).reason()).contains("nobody approved it before");
    }

    @Test
    void theSameAlertsAgainChangeNothing() {
        desk.kept.rules.save(rule(Duration.ofHours(1), 20, Rule.Approval.NONE));
        desk.enrol("agent-1", "web01");
        List<String> bodies = List.of(
                ALERT.formatted("1", "web01"),
                "[{'id':'2','severity':90,'host':'web01'},{'id':'3','severity':10,'host':'db01'}]",
                ALERT.formatted("4", "db02"));
        bodies.forEach(desk::receive);
        var incidents = List.copyOf(desk.kept.incidents.rows.values());
        var captures = List.copyOf(desk.kept.captures.rows.values());
        var decisions = List.copyOf(desk.kept.decisions.rows);
        var assets = List.copyOf(desk.kept.assets.rows.values());

        desk.now = desk.now.plusSeconds(600);
        bodies.forEach(desk::receive);

        assertThat(desk.kept.incidents.rows.values()).containsExactlyElementsOf(incidents);
        assertThat(desk.kept.captures.rows.values()).containsExactlyElementsOf(captures);
        assertThat(desk.kept.decisions.rows).containsExactlyElementsOf(decisions);
        assertThat(desk.kept.assets.rows.values()).containsExactlyElementsOf(assets);
        assertThat(desk.kept.alerts.rows.values().stream().filter(alert -> alert.state() == Alert.State.REPEAT))
                .hasSize(4);
    }

    private Alert captured(String id, String host) {
        Alert alert = desk.receive(ALERT.formatted(id, host));
        desk.kept.captures.rows.values().stream()
                .filter(capture -> !capture.state().hasEnded())
                .toList()
                .forEach(capture -> desk.ended(capture, Capture.State.CAPTURED));
        desk.now = desk.now.plusSeconds(1);
        return alert;
    }

    private static Rule rule(Duration window, int budget, Rule.Approval approval) {
        return Desk.with(Desk.rule(List.of("endpoint")), window, budget, approval);
    }
}
