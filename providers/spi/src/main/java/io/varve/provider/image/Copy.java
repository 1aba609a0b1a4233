package io.varve.provider.image;

import io.varve.provider.ProviderException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// The background copy of an image: chunk after chunk, many blocks at once, a few chunks on their way into the store.
/// While somebody waits for blocks it uses a quarter of its readers.
final class Copy implements AutoCloseable {
    private static final int CHUNKS_AT_ONCE = 3;
    private static final Duration LOOK = Duration.ofSeconds(1);
    /// For what is under way when the copy ends early.
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 50;

    private final LazyImage image;
    private final LazyImage.Limits limits;
    private final Watch watch;
    private final Semaphore readers;
    private final Semaphore chunks = new Semaphore(CHUNKS_AT_ONCE);
    private final AtomicInteger reading = new AtomicInteger();
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicReference<Optional<Exception>> failure = new AtomicReference<>(Optional.empty());
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("copy-", 0).factory());
    private final Deque<Integer> kept = new ArrayDeque<>();
    private long looked = System.nanoTime() - LOOK.toNanos();

    Copy(LazyImage image, LazyImage.Limits limits, Watch watch) {
        this.image = image;
        this.limits = limits;
        this.watch = watch;
        this.readers = new Semaphore(limits.readers());
    }

    void run() throws ProviderException, InterruptedException, IOException {
        for (int chunk = 0; chunk < image.chunks(); chunk++) {
            if (image.isStored(chunk)) {
                keep(chunk);
            } else {
                take(chunks);
                begin(chunk);
            }
        }
        for (int i = 0; i < CHUNKS_AT_ONCE; i++) {
            take(chunks);
        }
        look();
        watch.progress(image.fetchedBytes(), image.writtenBytes());
    }

    private void begin(int chunk) throws ProviderException, InterruptedException, IOException {
        List<Integer> missing = image.missing(chunk);
        var left = new AtomicInteger(missing.size() + 1);
        ChunkDigest digest = image.digest(chunk, missing, waiting);
        for (int block : missing) {
            while (!watch.mayCopy() || image.isWantedNow() && reading.get() >= Math.max(1, limits.readers() / 4)) {
                look();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
            take(readers);
            reading.incrementAndGet();
            start(() -> fetch(block, chunk, digest, left));
        }
        done(chunk, digest, left);
    }

    private void fetch(int block, int chunk, ChunkDigest digest, AtomicInteger left) {
        try {
            digest.add(block, image.fetch(block));
        } catch (Exception e) {
            failed(e);
        } finally {
            reading.decrementAndGet();
            readers.release();
        }
        done(chunk, digest, left);
    }

    /// The last one of a chunk lets it be stored.
    private void done(int chunk, ChunkDigest digest, AtomicInteger left) {
        if (left.decrementAndGet() > 0) {
            return;
        }
        start(() -> {
            try {
                if (failure.get().isEmpty()) {
                    image.store(chunk, digest);
                    keep(chunk);
                }
            } catch (Exception e) {
                failed(e);
            } finally {
                chunks.release();
            }
        });
    }

    private void start(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            failed(e);
        }
    }

    private void keep(int chunk) throws IOException {
        synchronized (kept) {
            kept.add(chunk);
            while ((long) kept.size() * image.chunkBytes() > limits.keptBytes()) {
                image.giveUp(kept.remove());
            }
        }
    }

    private void failed(Exception e) {
        failure.compareAndSet(Optional.empty(), Optional.of(e));
    }

    private void take(Semaphore permits) throws ProviderException, InterruptedException, IOException {
        while (!permits.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
            look();
        }
        look();
    }

    private void look() throws ProviderException, InterruptedException, IOException {
        if (failure.get().isPresent()) {
            switch (failure.get().get()) {
                case ProviderException e -> throw e;
                case IOException e -> throw e;
                case InterruptedException e -> throw e;
                case RuntimeException e -> throw e;
                case Exception e -> throw new IOException(e);
            }
        }
        if (System.nanoTime() - looked > LOOK.toNanos()) {
            looked = System.nanoTime();
            watch.progress(image.fetchedBytes(), image.writtenBytes());
        }
    }

    /// What is under way is read to its end, for it would have to be read again; what takes too long is interrupted.
    @Override
    public void close() {
        threads.shutdown();
        boolean interrupted = Thread.currentThread().isInterrupted();
        try {
            if (!threads.awaitTermination(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            threads.shutdownNow();
        }
        threads.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
