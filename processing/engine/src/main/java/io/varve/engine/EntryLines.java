package io.varve.engine;

import io.varve.disk.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// Names on their way to the output: made into text and written on a thread of their own while the walk goes on. Safe
/// for several threads.
final class EntryLines implements AutoCloseable {
    private static final int BATCH = 256;
    /// Batches on the way.
    private static final int WAITING = 4;
    /// Text that is written at once.
    private static final int PIECE = 64 << 10;

    private record Line(Entry entry, long size, Map<String, String> digests) {}

    private static final List<Line> END = List.of();

    private final OutputStream out;
    private final BlockingQueue<List<Line>> batches = new ArrayBlockingQueue<>(WAITING);
    private final Thread writer;
    private List<Line> batch = new ArrayList<>(BATCH);
    private volatile @Nullable Exception failure;

    EntryLines(OutputStream out) {
        this.out = out;
        this.writer = Thread.ofPlatform().name("lines").daemon().start(this::write);
    }

    synchronized void add(Entry entry, long size, Map<String, String> digests) {
        batch.add(new Line(entry, size, digests));
        if (batch.size() == BATCH) {
            pass(batch);
            batch = new ArrayList<>(BATCH);
        }
    }

    private void pass(List<Line> lines) {
        rethrow();
        try {
            batches.put(lines);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutputException(new IOException("interrupted", e));
        }
    }

    private void rethrow() {
        switch (failure) {
            case null -> {}
            case IOException e -> throw new OutputException(e);
            case Exception e -> throw new IllegalStateException(e);
        }
    }

    /// Goes on taking batches after a failure, so that nobody waits for it in vain.
    private void write() {
        var text = new JsonText(2 * PIECE);
        try {
            for (List<Line> lines = batches.take(); lines != END; lines = batches.take()) {
                if (failure == null) {
                    write(lines, text);
                }
            }
            if (failure == null) {
                text.writeTo(out);
            }
        } catch (IOException | InterruptedException e) {
            failure = e;
        }
    }

    private void write(List<Line> lines, JsonText text) {
        try {
            for (Line line : lines) {
                EntryJson.write(line.entry, line.size, line.digests, text);
                if (text.length() >= PIECE) {
                    text.writeTo(out);
                }
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    /// Waits until everything is written.
    @Override
    public synchronized void close() throws IOException {
        try (out) {
            pass(batch);
            batch = new ArrayList<>();
            pass(END);
            writer.join();
            rethrow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
