package io.varve.web.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.web.problem.ProblemException;
import org.junit.jupiter.api.Test;

final class GivenKeyTest {
    private static final String RECOVERY = String.join("-", "111111", "222222", "333333", "444444") + "-"
            + String.join("-", "555555", "666666", "070707", "000011");

    @Test
    void a_password_is_taken_as_it_was_typed() {
        assertThat(new GivenKey("password", " with blanks ").checkedValue()).isEqualTo(" with blanks ");
    }

    @Test
    void values_of_a_known_form_are_checked_for_it() {
        assertThat(new GivenKey("recovery", RECOVERY + "\n").checkedValue()).isEqualTo(RECOVERY);
        assertThat(new GivenKey("master", "00ff".repeat(8)).checkedValue()).hasSize(32);
        assertThat(new GivenKey("keyfile", "AAEC").checkedValue()).isEqualTo("AAEC");

        assertThatThrownBy(() -> new GivenKey("recovery", "111111-222222").checkedValue())
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("eight groups of six digits");
        assertThatThrownBy(() -> new GivenKey("master", "not hexadecimal").checkedValue())
                .hasMessageContaining("hexadecimal");
        assertThatThrownBy(() -> new GivenKey("startup", "a.bek").checkedValue())
                .hasMessageContaining("base64");
        assertThatThrownBy(() -> new GivenKey("keyfile", " ").checkedValue()).hasMessageContaining("empty");
    }

    @Test
    void unknown_kinds_and_absent_values_are_refused() {
        assertThatThrownBy(() -> new GivenKey("tpm", "x").checkedKind()).hasMessageContaining("kind is");
        assertThatThrownBy(() -> new GivenKey("password", "").checkedValue()).hasMessageContaining("characters");
        assertThatThrownBy(() -> new GivenKey("password", null).checkedValue()).hasMessageContaining("characters");
    }
}
