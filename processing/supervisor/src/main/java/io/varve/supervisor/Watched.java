package io.varve.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A part that is started again when it dies, later and later while it keeps dying.
final class Watched {
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /// A part that ran this long is healthy: its next death starts with the first wait again.
    private static final Duration HEALTHY = Duration.ofSeconds(60);

    private final String name;
    private final Starter starter;
    private final Path pidFile;
    private final LogFile log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Part part;
    private volatile @Nullable Thread watcher;
    private boolean stopping;
    private int deaths;

    /// Starts the part once more.
    interface Starter {
        Part start() throws IOException, InterruptedException;
    }

    Watched(String name, Starter starter, Path pidFile, LogFile log) {
        this.name = name;
        this.starter = starter;
        this.pidFile = pidFile;
        this.log = log;
    }

    /// Starts the part, and a thread that watches it.
    void start() throws IOException, InterruptedException {
        Part first = launch();
        watcher = Thread.ofVirtual().name("watch " + name).start(() -> watch(first));
    }

    /// Ends the part and does not start it again.
    void stop() throws InterruptedException {
        Part last;
        lock.lock();
        try {
            stopping = true;
            last = part;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (last != null) {
            last.stop();
        }
        Thread watching = watcher;
        if (watching != null) {
            watching.join();
        }
        pidFile.toFile().delete();
    }

    String name() {
        return name;
    }

    int deaths() {
        lock.lock();
        try {
            return deaths;
        } finally {
            lock.unlock();
        }
    }

    String lastLines() {
        return log.lastLines();
    }

    private Part launch() throws IOException, InterruptedException {
        Part started = starter.start();
        Files.writeString(pidFile, started.pid() + "\n");
        boolean tooLate;
        lock.lock();
        try {
            part = started;
            tooLate = stopping;
        } finally {
            lock.unlock();
        }
        if (tooLate) {
            started.stop();
        }
        return started;
    }

    private void watch(Part first) {
        Part running = first;
        Duration wait = FIRST_WAIT;
        while (true) {
            Instant began = Instant.now();
            int code = running.onExit().join();
            if (Duration.between(began, Instant.now()).compareTo(HEALTHY) > 0) {
                wait = FIRST_WAIT;
            }
            Optional<Part> again = Optional.empty();
            String why = "ended with " + code;
            while (again.isEmpty()) {
                if (!died(why, wait)) {
                    return;
                }
                try {
                    again = Optional.of(launch());
                } catch (IOException e) {
                    why = "cannot be started: " + e.getMessage();
                } catch (InterruptedException e) {
                    return;
                }
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
            }
            running = again.get();
        }
    }

    /// Waits before the next start; false when there is to be none.
    private boolean died(String why, Duration wait) {
        lock.lock();
        try {
            if (stopping) {
                return false;
            }
            deaths++;
            part = null;
            log.line("supervisor: %s %s; starting again in %d ms".formatted(name, why, wait.toMillis()));
            long left = wait.toNanos();
            while (left > 0 && !stopping) {
                left = changed.awaitNanos(left);
            }
            return !stopping;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }
}
