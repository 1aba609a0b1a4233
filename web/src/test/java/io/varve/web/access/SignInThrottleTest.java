package io.varve.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignInThrottleTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final SignInThrottle throttle = new SignInThrottle();

    @Test
    void aFewFailuresAreFree() {
        fail(4);

        assertThat(throttle.wait("admin", "10.0.0.1", NOON)).isEmpty();
    }

    @Test
    void furtherFailuresWaitTwiceAsLongEach() {
        fail(5);
        assertThat(throttle.wait("admin", "10.0.0.1", NOON)).contains(Duration.ofSeconds(2));

        fail(2);
        assertThat(throttle.wait("admin", "10.0.0.1", NOON)).contains(Duration.ofSeconds(8));
        assertThat(throttle.wait("admin", "10.0.0.1", NOON.plusSeconds(8))).isEmpty();
    }

    @Test
    void othersDoNotWait() {
        fail(20);

        assertThat(throttle.wait("admin", "10.0.0.2", NOON)).isEmpty();
        assertThat(throttle.wait("alice", "10.0.0.1", NOON)).isEmpty();
    }

    @Test
    void successAndAnHourForgive() {
        fail(10);
        throttle.failed("admin", "10.0.0.1", NOON.plus(Duration.ofHours(2)));
        assertThat(throttle.wait("admin", "10.0.0.1", NOON.plus(Duration.ofHours(2))))
                .isEmpty();

        fail(10);
        throttle.succeeded("admin", "10.0.0.1");
        assertThat(throttle.wait("admin", "10.0.0.1", NOON)).isEmpty();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            throttle.failed("admin", "10.0.0.1", NOON);
        }
    }
}
