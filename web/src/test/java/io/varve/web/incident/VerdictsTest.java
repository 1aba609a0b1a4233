package io.varve.web.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.database.Corroboration.State;
import io.varve.web.incident.SourceIncidentView.Verdict;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("contained")
final class VerdictsTest {
    @Test
    void theBestStateOfSeveralAlertsCounts() {
        Verdict verdict = Verdicts.of(Map.of(State.CONFIRMED, 1L, State.NOT_COLLECTED, 2L), 3);

        assertThat(verdict.state()).isEqualTo(State.CONFIRMED);
        assertThat(verdict.worst()).isEqualTo(State.NOT_COLLECTED);
        assertThat(verdict.text()).isEqualTo("1 of 3 alerts is confirmed by evidence.");
    }

    @Test
    void alertsThatWereNotLookedAtArePending() {
        Verdict verdict = Verdicts.of(Map.of(), 2);

        assertThat(verdict.state()).isEqualTo(State.PENDING);
        assertThat(verdict.alerts()).containsExactly(Map.entry(State.PENDING, 2L));
    }
}
