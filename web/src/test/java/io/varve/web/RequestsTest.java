package io.varve.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.acquisition.model.AlertId;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import org.junit.jupiter.api.Test;

class RequestsTest {
    @Test
    void anIdThatIsNoneNamesNothing() {
        assertThatThrownBy(() -> Requests.id("../../etc", AlertId::of, "alert"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.code()).isEqualTo(Code.NOT_FOUND));
    }

    @Test
    void limitsAreBounded() {
        assertThat(Requests.limit(null, 7)).isEqualTo(7);
        assertThat(Requests.limit(1000, 7)).isEqualTo(1000);
        for (int limit : new int[] {0, -1, 1001, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> Requests.limit(limit, 7)).isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void textsAreThereShortAndPlain() {
        assertThat(Requests.text("  web <01> ", "name")).isEqualTo("web <01>");
        for (String text : new String[] {"", " ", "a\u0000b", "x".repeat(201)}) {
            assertThatThrownBy(() -> Requests.text(text, "name")).isInstanceOf(ProblemException.class);
        }
    }
}
