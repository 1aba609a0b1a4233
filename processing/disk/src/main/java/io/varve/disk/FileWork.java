package io.varve.disk;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Files read side by side while the walk goes on, a bounded number at a time. The first failure to tell of a file ends
/// the walk.
final class FileWork implements AutoCloseable {
    /// Files waiting for each thread.
    private static final int WAITING = 32;

    private final Semaphore room;
    private final @Nullable ExecutorService workers;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    FileWork(int threads) {
        this.room = new Semaphore(Math.max(1, threads) * WAITING);
        this.workers = threads > 1
                ? Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().name("files-", 0).daemon().factory())
                : null;
    }

    interface Step {
        void run() throws IOException;
    }

    /// Runs the step now, or soon on another thread.
    void run(Step step) throws IOException {
        if (workers == null) {
            step.run();
            return;
        }
        rethrow();
        room.acquireUninterruptibly();
        workers.execute(() -> {
            try {
                if (failure.get() == null) {
                    step.run();
                }
            } catch (IOException | RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            } finally {
                room.release();
            }
        });
    }

    /// Throws what a step threw.
    void rethrow() throws IOException {
        Throwable thrown = failure.get();
        switch (thrown) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(thrown);
        }
    }

    /// Waits for what was begun.
    @Override
    public void close() {
        if (workers != null) {
            workers.close();
        }
    }
}
