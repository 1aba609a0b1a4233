package io.varve.web.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("contained")
final class GateTest {
    @Test
    void whoFindsNoPlaceIsToldWhenToComeBack() throws IOException {
        var gate = new Gate(1, Duration.ZERO);

        gate.pass(() -> {
            assertThatThrownBy(() -> gate.pass(() -> 1)).isInstanceOfSatisfying(ProblemException.class, problem -> {
                assertThat(problem.code()).isEqualTo(Code.THROTTLED);
                assertThat(problem.retryAfter()).isPresent();
            });
            return 0;
        });

        assertThat(gate.pass(() -> 2)).as("the place is free again").isEqualTo(2);
    }
}
