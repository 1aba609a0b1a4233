package io.varve.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FileWorkTest {
    @Test
    void one_thread_is_the_callers() throws IOException {
        Thread caller = Thread.currentThread();
        try (var work = new FileWork(1)) {
            work.run(() -> assertThat(Thread.currentThread()).isSameAs(caller));
        }
    }

    @Test
    void several_threads_work_side_by_side_and_all_is_done_at_the_end() throws IOException {
        var together = new CountDownLatch(2);
        var done = new AtomicInteger();
        try (var work = new FileWork(2)) {
            for (int i = 0; i < 2; i++) {
                work.run(() -> {
                    together.countDown();
                    try {
                        assertThat(together.await(30, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    done.incrementAndGet();
                });
            }
            for (int i = 0; i < 1_000; i++) {
                work.run(done::incrementAndGet);
            }
        }
        assertThat(done.get()).isEqualTo(1_002);
    }

    @Test
    void the_first_failure_ends_the_rest_and_is_thrown() throws IOException {
        var done = new AtomicInteger();
        var work = new FileWork(2);
        try (work) {
            work.run(() -> {
                throw new IOException("the output is full");
            });
            for (int i = 0; i < 1_000; i++) {
                work.run(done::incrementAndGet);
            }
        } catch (IOException e) {
            assertThat(e).hasMessage("the output is full");
        }
        assertThat(done.get()).isLessThan(1_000);
        assertThatThrownBy(work::rethrow).isInstanceOf(IOException.class).hasMessage("the output is full");
    }
}
