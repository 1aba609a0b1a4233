package io.varve.disk;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A device whose blocks are kept for a while, so that many small reads of tables and folders are few reads of the
/// source. Reading forward fetches several blocks at once; reads of [#DIRECT] bytes and more pass by.
///
/// Safe for several threads: blocks are spread over [#STRIPES] locks. Their bytes are touched under the lock only, so
/// that the memory of a block that is dropped can hold the next. At most [#KEPT] bytes are held.
public final class BlockCache implements Bytes {
    static final int BLOCK = 64 << 10;
    static final int KEPT = 64 << 20;
    static final int DIRECT = 256 << 10;
    private static final int STRIPES = 16;
    /// Blocks fetched together when reading forward.
    private static final int AHEAD = 8;

    private final Bytes source;
    private final Stripe[] stripes = new Stripe[STRIPES];
    private final AtomicReference<byte @Nullable []> piece = new AtomicReference<>();
    private volatile long last = -1;

    public BlockCache(Bytes source) {
        this.source = source;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    /// Some of the blocks, the one used longest ago first.
    private static final class Stripe extends LinkedHashMap<Long, byte[]> {
        private static final long serialVersionUID = 1;

        Stripe() {
            super(64, 0.75f, true);
        }

        synchronized boolean copy(long number, int from, byte[] target, int start, int length) {
            byte[] block = get(number);
            if (block == null) {
                return false;
            }
            System.arraycopy(block, from, target, start, length);
            return true;
        }

        synchronized void keep(long number, byte[] bytes, int from, int length) {
            byte[] block = get(number);
            if (block == null) {
                block = spare(length);
                put(number, block);
            }
            System.arraycopy(bytes, from, block, 0, length);
        }

        private byte[] spare(int length) {
            if (size() < KEPT / BLOCK / STRIPES) {
                return new byte[length];
            }
            Map.Entry<Long, byte[]> eldest = pollFirstEntry();
            return eldest != null && eldest.getValue().length == length ? eldest.getValue() : new byte[length];
        }
    }

    @Override
    public long size() {
        return source.size();
    }

    @Override
    public long zeros(long offset) throws IOException {
        return source.zeros(offset);
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        if (length >= DIRECT) {
            source.read(offset, target, start, length);
            return;
        }
        int done = 0;
        while (done < length) {
            long number = (offset + done) / BLOCK;
            int from = (int) ((offset + done) % BLOCK);
            int count = Math.min(length - done, BLOCK - from);
            if (!stripe(number).copy(number, from, target, start + done, count)) {
                fetch(number, from, target, start + done, count);
            }
            done += count;
        }
    }

    /// Reads the block, and those after it when the one before was the last to be fetched.
    private void fetch(long number, int from, byte[] target, int start, int count) throws IOException {
        boolean forward = number == last + 1;
        last = number;
        byte[] held = piece.getAndSet(null);
        byte[] bytes = held == null ? new byte[AHEAD * BLOCK] : held;
        int length = fetch(number, forward ? AHEAD : 1, bytes);
        for (int at = 0; at < length; at += BLOCK) {
            last = number + at / BLOCK;
            stripe(last).keep(last, bytes, at, Math.min(BLOCK, length - at));
        }
        System.arraycopy(bytes, from, target, start, count);
        piece.set(bytes);
    }

    /// How many bytes were read. A damaged block further on must not cost the first.
    private int fetch(long number, int blocks, byte[] bytes) throws IOException {
        int length = length(number, blocks);
        if (blocks > 1) {
            try {
                source.read(number * BLOCK, bytes, 0, length);
                return length;
            } catch (IOException | RuntimeException e) {
                length = length(number, 1);
            }
        }
        source.read(number * BLOCK, bytes, 0, length);
        return length;
    }

    private int length(long number, int blocks) {
        return (int) Math.min((long) blocks * BLOCK, size() - number * BLOCK);
    }

    private Stripe stripe(long number) {
        return stripes[(int) (number % STRIPES)];
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
