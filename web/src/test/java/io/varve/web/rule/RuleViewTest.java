package io.varve.web.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import io.varve.web.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleViewTest {
    @Test
    void whatIsNotSaidHasItsUsualValue() throws Exception {
        Rule rule = read("{'name':'r','provider':'endpoint','profile':'triage'}");

        assertThat(rule.enabled()).isTrue();
        assertThat(rule.assetPattern()).isEqualTo("*");
        assertThat(rule.dedupeWindow()).isEqualTo(Duration.ofHours(1));
        assertThat(rule.dailyBudget()).isEqualTo(20);
    }

    @Test
    void whatARuleCannotBeIsRefused() {
        for (String wrong : List.of(
                "'minimumSeverity':101",
                "'dedupeWindow':'soon'",
                "'dedupeWindow':'-PT1H'",
                "'dailyBudget':-1",
                "'techniques':['T1']",
                "'profile':'everything'",
                "'provider':'nobody'")) {
            assertThatThrownBy(() -> read("{'name':'r','provider':'endpoint','profile':'triage'," + wrong + "}"))
                    .as(wrong)
                    .isInstanceOf(ProblemException.class);
        }
    }

    private static Rule read(String json) throws Exception {
        return new ObjectMapper()
                .readValue(json.replace('\'', '"'), RuleView.class)
                .rule(RuleId.mint(), Organisation.DEFAULT);
    }
}
