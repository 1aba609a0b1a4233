package io.varve.worker;

import java.time.Instant;

/// How an attempt at a task ended.
sealed interface Outcome {
    /// There is nothing left to do, also when the work failed for good and says so.
    record Done() implements Outcome {}

    /// To be tried again.
    record Again(Instant at) implements Outcome {}

    Outcome DONE = new Done();
}
