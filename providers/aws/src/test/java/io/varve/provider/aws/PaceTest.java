package io.varve.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private final AtomicLong now = new AtomicLong();
    private final Pace pace = new Pace(100, now::get);

    private long take(int blocks) throws InterruptedException {
        long begin = now.get();
        for (int i = 0; i < blocks; i++) {
            pace.take(time -> now.addAndGet(time.toNanos()));
        }
        return (now.get() - begin) / 1_000_000;
    }

    @Test
    void blocks_come_at_the_rate_that_is_allowed() throws InterruptedException {
        assertThat(take(500)).isBetween(4_800L, 5_100L);
    }

    @Test
    void it_halves_once_a_second_when_it_was_too_fast_and_recovers_slowly() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            pace.tooFast();
        }
        assertThat(pace.rate()).isEqualTo(50);
        now.addAndGet(1_000_000_000L);
        pace.tooFast();
        assertThat(pace.rate()).isEqualTo(25);
        for (int i = 0; i < 100; i++) {
            pace.wentWell();
        }
        assertThat(pace.rate()).isEqualTo(50);
    }
}
