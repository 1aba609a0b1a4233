package io.varve.worker;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Work that is looked for again and again on a thread of its own: at once while there is some, after a pause when
/// there
/// is none, and after a longer one when it failed.
final class Rounds {
    private static final Logger LOG = Logger.getLogger(Rounds.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    /// One round.
    @FunctionalInterface
    interface Round {
        /// @return how long to wait before the next one
        Duration run() throws Exception;
    }

    private Rounds(String name, Round round) {
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(() -> goOn(name, round));
    }

    static Rounds start(String name, Round round) {
        var rounds = new Rounds(name, round);
        rounds.thread.start();
        return rounds;
    }

    private void goOn(String name, Round round) {
        Duration pause = Duration.ZERO;
        try {
            while (!stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pause = once(name, round);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration once(String name, Round round) throws InterruptedException {
        try {
            return round.run();
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            // whatever it was: without this thread nothing would be read any more
            LOG.warnf("%s: %s; tried again", name, e);
            return AFTER_FAILURE;
        }
    }

    /// Lets the round that goes on end, for a while.
    void stop() {
        stopped.countDown();
        try {
            thread.join(ENDS_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
