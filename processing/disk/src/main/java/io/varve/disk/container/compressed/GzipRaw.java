package io.varve.disk.container.compressed;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.container.LoadedCache;
import io.varve.disk.container.compressed.GzipCursor.Checkpoint;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// The content of a gzip file, expanded where it is read.
///
/// The first pass over the file leaves checkpoints; a read expands from the one before it. The pass goes as far as
/// reads need, and to the end when the size is asked for.
final class GzipRaw implements CompressedRaw {
    /// Bytes expanded together.
    private static final int BLOCK = 1 << 20;

    /// Most bytes of blocks kept.
    private static final long CACHE = 48L << 20;

    /// Most bytes of checkpoints; when they are more, every second one goes and new ones are further apart.
    private static final long CHECKPOINTS = 96L << 20;

    /// Most expanded bytes.
    private static final long LARGEST = 64L << 40;

    /// Cursors kept where the last reads ended.
    private static final int CURSORS = 4;

    private static final byte[] ZEROS = new byte[BLOCK];

    private final Bytes source;
    private final GzipCursor scanner;
    private final List<Checkpoint> checkpoints = new ArrayList<>();
    private final BitSet zeroBlocks = new BitSet();
    private final Deque<GzipCursor> cursors = new ArrayDeque<>();
    private final LoadedCache<byte[]> blocks = new LoadedCache<>(CACHE, block -> block.length, this::load);
    private long spacing = BLOCK;
    private long weight;
    private volatile long scanned;
    private volatile boolean complete;

    GzipRaw(Bytes source) throws IOException {
        this.source = source;
        this.scanner = new GzipCursor(source);
        scanner.start();
        if (!scanner.ended()) {
            checkpoints.add(scanner.checkpoint());
        }
    }

    @Override
    public String format() {
        return "gzip raw";
    }

    @Override
    public long size() {
        try {
            scan(Long.MAX_VALUE);
        } catch (IOException e) {
            throw new CorruptException("gzip: its size is not known, the file could not be read: " + e.getMessage(), e);
        }
        return scanned;
    }

    @Override
    public Optional<String> damage() throws IOException {
        scan(Long.MAX_VALUE);
        return scanner.damage();
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        if (offset < 0 || length < 0 || offset > Long.MAX_VALUE - length || !scan(offset + length)) {
            check(offset, length, "read");
        }
        int done = 0;
        while (done < length) {
            long number = (offset + done) / BLOCK;
            int within = (int) ((offset + done) % BLOCK);
            int count = Math.min(length - done, BLOCK - within);
            if (isZero(number)) {
                Arrays.fill(target, start + done, start + done + count, (byte) 0);
            } else {
                System.arraycopy(blocks.part(number), within, target, start + done, count);
            }
            done += count;
        }
    }

    @Override
    public long zeros(long offset) throws IOException {
        if (offset < 0 || offset > Long.MAX_VALUE - BLOCK || !scan(offset + 1)) {
            return 0;
        }
        synchronized (this) {
            int end = zeroBlocks.nextClearBit((int) (offset / BLOCK));
            return Math.max(0, Math.min((long) end * BLOCK, scanned) - offset);
        }
    }

    private synchronized boolean isZero(long number) {
        return zeroBlocks.get((int) number);
    }

    /// Makes the first pass reach this position; false when the content ends before.
    private boolean scan(long end) throws IOException {
        if (end <= scanned) {
            return true;
        }
        if (complete) {
            return false;
        }
        synchronized (this) {
            byte[] block = new byte[BLOCK];
            while (scanned < end && !complete) {
                scanBlock(block);
                if (end != Long.MAX_VALUE) {
                    // whoever reads forward wants it
                    long number = (scanned - 1) / BLOCK;
                    if (scanned > 0 && !zeroBlocks.get((int) number) && scanned % BLOCK == 0) {
                        blocks.offer(number, block);
                        block = new byte[BLOCK];
                    }
                }
            }
            return end <= scanned;
        }
    }

    private void scanBlock(byte[] block) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while the size of the gzip file was found out");
        }
        int within = (int) (scanned % BLOCK);
        int count = scanner.read(block, within, BLOCK - within);
        if (scanned > LARGEST) {
            throw new CorruptException("gzip: expands to more than %d bytes".formatted(LARGEST));
        }
        long number = scanned / BLOCK;
        if (within == 0 && count == BLOCK && Arrays.equals(block, ZEROS)) {
            zeroBlocks.set((int) number);
        }
        if (scanner.ended()) {
            complete = true;
        } else if (scanner.position() - checkpoints.getLast().position() >= spacing) {
            add(scanner.checkpoint());
        }
        scanned += count;
    }

    private void add(Checkpoint checkpoint) {
        checkpoints.add(checkpoint);
        weight += checkpoint.weight();
        if (weight <= CHECKPOINTS) {
            return;
        }
        List<Checkpoint> kept = new ArrayList<>(checkpoints.size() / 2 + 1);
        for (int i = 0; i < checkpoints.size(); i += 2) {
            kept.add(checkpoints.get(i));
        }
        checkpoints.clear();
        checkpoints.addAll(kept);
        weight = kept.stream().mapToLong(Checkpoint::weight).sum();
        spacing *= 2;
    }

    private byte[] load(long number) throws IOException {
        long start = number * BLOCK;
        byte[] block = new byte[(int) Math.min(BLOCK, scanned - start)];
        GzipCursor cursor = cursor(start);
        for (long skip = start - cursor.position(); skip > 0; skip = start - cursor.position()) {
            if (cursor.read(block, 0, (int) Math.min(skip, block.length)) == 0) {
                break;
            }
        }
        int count = cursor.read(block, 0, block.length);
        if (count < block.length) {
            throw new CorruptException("gzip: the file changed while it was read");
        }
        synchronized (this) {
            cursors.addLast(cursor);
            while (cursors.size() > CURSORS) {
                cursors.removeFirst();
            }
        }
        return block;
    }

    /// One that stands closest before this position, of its own for the caller.
    private GzipCursor cursor(long start) throws IOException {
        Checkpoint checkpoint;
        GzipCursor nearest = null;
        synchronized (this) {
            checkpoint = before(start);
            for (GzipCursor cursor : cursors) {
                long from = nearest == null ? checkpoint.position() : nearest.position();
                if (cursor.position() <= start && cursor.position() >= from) {
                    nearest = cursor;
                }
            }
            if (nearest != null) {
                cursors.remove(nearest);
                return nearest;
            }
        }
        GzipCursor cursor = new GzipCursor(source);
        cursor.start(checkpoint);
        return cursor;
    }

    private Checkpoint before(long start) {
        int low = 0;
        int high = checkpoints.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (checkpoints.get(middle).position() <= start) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return checkpoints.get(low);
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
