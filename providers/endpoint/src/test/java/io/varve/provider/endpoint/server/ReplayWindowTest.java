package io.varve.provider.endpoint.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");

    private final ReplayWindow window = new ReplayWindow();

    @Test
    void oneAgentCannotKeepTheOthersOut() throws Exception {
        for (int i = 0; i < ReplayWindow.MOST_OF_ONE; i++) {
            window.admit("hostile", Integer.toString(i), NOW, NOW);
        }
        assertThatThrownBy(() -> window.admit("hostile", "more", NOW, NOW)).hasMessage("too many requests");
        assertThatCode(() -> window.admit("other", "1", NOW, NOW)).doesNotThrowAnyException();
    }

    @Test
    void nonceIsRememberedAsLongAsItsRequestWouldBeBelieved() throws Exception {
        Instant ahead = NOW.plus(ReplayWindow.WINDOW);
        window.admit("agent", "1", ahead, NOW);
        Instant last = ahead.plus(ReplayWindow.WINDOW);
        assertThatThrownBy(() -> window.admit("agent", "1", ahead, last)).hasMessage("this request was made before");
        assertThatThrownBy(() -> window.admit("agent", "1", ahead, last.plus(Duration.ofMillis(1))))
                .hasMessageStartingWith("the request is dated");
    }
}
