package io.varve.web.alert;

import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Lets so many through at a time. The others wait a while; after that they are told to come back.
final class Gate {
    private static final Duration COME_BACK = Duration.ofSeconds(2);

    private final Semaphore places;
    private final Duration patience;

    Gate(int places, Duration patience) {
        this.places = new Semaphore(places, true);
        this.patience = patience;
    }

    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    <T> T pass(Work<T> work) throws IOException {
        if (!enter()) {
            throw new ProblemException(
                    Code.THROTTLED, "More alerts come at once than can be taken. Send it again.", COME_BACK);
        }
        try {
            return work.run();
        } finally {
            places.release();
        }
    }

    private boolean enter() {
        try {
            return places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
