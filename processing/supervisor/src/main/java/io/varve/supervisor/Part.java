package io.varve.supervisor;

import java.util.concurrent.CompletableFuture;

/// A running process that the supervisor watches.
interface Part {
    long pid();

    /// Completes with the exit code when the process ends, for whatever reason.
    CompletableFuture<Integer> onExit();

    /// Ends it orderly, by force when it does not listen.
    void stop() throws InterruptedException;
}
