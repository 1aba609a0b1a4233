package io.varve.acquisition;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.Estimates.Estimate;
import io.varve.acquisition.model.CaptureHistory;
import io.varve.acquisition.model.Decision.Outcome;
import io.varve.acquisition.model.Rule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("contained")
final class RuleSimulationTest {
    private final Desk desk = new Desk();

    @Test
    void aSimulationTakesWhatTheRuleWouldHaveTakenAndStoresNothing() {
        desk.enrol("agent-1", "web01");
        desk.enrol("agent-2", "web02");
        for (int hour = 0; hour < 48; hour++) {
            desk.receive("{'id':'a%d','severity':90,'host':'web01'}".formatted(hour));
            desk.receive("{'id':'b%d','severity':30,'host':'web02'}".formatted(hour));
            desk.now = desk.now.plus(Duration.ofHours(1));
        }
        desk.receive("{'id':'c','severity':90,'host':'elsewhere'}");
        desk.receive("{'id':'d','severity':90}");
        desk.now = desk.now.plusSeconds(1);
        desk.kept.captures.past.put("endpoint", new CaptureHistory.Past(4, 1_000, Duration.ofMinutes(2)));
        int decisions = desk.kept.decisions.rows.size();

        Rule rule = Desk.with(Desk.rule(List.of()), Duration.ofHours(6), 3, Rule.Approval.REQUIRED);
        RuleSimulation.Result result = simulate(rule);

        assertThat(result.alerts()).isEqualTo(98);
        assertThat(result.matched()).isEqualTo(50);
        // from noon of one day to noon of the third: two, three, and two in the days' budgets of three
        assertThat(result.captures()).isEqualTo(7);
        assertThat(result.hosts()).isOne();
        assertThat(result.bytes()).isEqualTo(7_000);
        assertThat(result.time()).isEqualTo(Duration.ofMinutes(14));
        assertThat(result.approvals()).isEqualTo(7);
        assertThat(result.estimates())
                .containsExactly(new Estimate("endpoint", "triage", 1_000, Duration.ofMinutes(2), 4));
        assertThat(result.skipped())
                .containsKeys(Outcome.ALREADY_CAPTURED, Outcome.BUDGET_SPENT)
                .containsEntry(Outcome.UNREACHABLE, 1L)
                .containsEntry(Outcome.NO_ASSET, 1L);
        assertThat(result.skipped().values().stream().mapToLong(Long::longValue).sum() + result.captures())
                .isEqualTo(result.matched());
        assertThat(result.complete()).isTrue();
        assertThat(desk.kept.captures.rows).isEmpty();
        assertThat(desk.kept.decisions.rows).hasSize(decisions);
    }

    @Test
    void aContainedHostCountsForItsVendorFromThatAlertOn() {
        desk.enrol("agent-1", "web01");
        String body =
                "{'id':'%d','severity':90,'hosts':[{'hostname':'web01','agentId':'a','agentType':'crowdstrike','containment':'%s'}]}";
        desk.receive(body.formatted(1, "normal"));
        desk.now = desk.now.plusSeconds(1);
        desk.receive(body.formatted(2, "contained"));
        desk.now = desk.now.plusSeconds(1);

        RuleSimulation.Result result = simulate(Desk.with(Desk.rule(List.of()), Duration.ZERO, 9, Rule.Approval.NONE));

        assertThat(result.byProvider()).containsOnlyKeys("crowdstrike", "endpoint");
        assertThat(result.estimates())
                .allSatisfy(estimate -> assertThat(estimate.from()).isZero());
    }

    @Test
    void whatIsTooMuchForTheTimeIsAnsweredAsIncomplete() {
        desk.receive("{'id':'1','severity':90,'host':'web01'}");
        desk.now = desk.now.plusSeconds(1);

        RuleSimulation.Result result = desk.simulation()
                .of(Desk.rule(List.of()), desk.now.minus(Duration.ofDays(1)), desk.now, Duration.ofSeconds(-1));

        assertThat(result.complete()).isFalse();
        assertThat(result.alerts()).isZero();
    }

    private RuleSimulation.Result simulate(Rule rule) {
        return desk.simulation().of(rule, desk.now.minus(Duration.ofDays(30)), desk.now, Duration.ofMinutes(1));
    }
}
