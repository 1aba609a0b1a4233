package io.varve.disk;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// A device whose blocks are kept for a while, so that many small reads of tables and folders are few reads of the
/// source. Reading forward fetches several blocks at once; reads of [#DIRECT] bytes and more pass by.
///
/// Safe for several threads: blocks are spread over [#STRIPES] locks. At most [#KEPT] bytes are held.
public final class BlockCache implements Bytes {
    static final int BLOCK = 64 << 10;
    static final int KEPT = 64 << 20;
    static final int DIRECT = 256 << 10;
    private static final int STRIPES = 16;
    /// Blocks fetched together when reading forward.
    private static final int AHEAD = 8;

    private final Bytes source;
    private final Stripe[] stripes = new Stripe[STRIPES];
    private volatile long last = -1;

    public BlockCache(Bytes source) {
        this.source = source;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    private static final class Stripe extends LinkedHashMap<Long, byte[]> {
        private static final long serialVersionUID = 1;

        Stripe() {
            super(64, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
            return size() > KEPT / BLOCK / STRIPES;
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
            long at = offset + done;
            byte[] block = block(at / BLOCK);
            int from = (int) (at % BLOCK);
            int count = Math.min(length - done, block.length - from);
            System.arraycopy(block, from, target, start + done, count);
            done += count;
        }
    }

    private byte[] block(long number) throws IOException {
        Stripe stripe = stripe(number);
        synchronized (stripe) {
            byte[] kept = stripe.get(number);
            if (kept != null) {
                return kept;
            }
        }
        boolean forward = number == last + 1;
        last = number;
        return forward ? fetchAhead(number) : fetch(number);
    }

    private byte[] fetch(long number) throws IOException {
        byte[] block = new byte[length(number)];
        source.read(number * BLOCK, block, 0, block.length);
        keep(number, block);
        return block;
    }

    /// A damaged block further on must not cost this one.
    private byte[] fetchAhead(long number) throws IOException {
        byte[] raw = new byte[(int) Math.min((long) AHEAD * BLOCK, size() - number * BLOCK)];
        try {
            source.read(number * BLOCK, raw, 0, raw.length);
        } catch (IOException | RuntimeException e) {
            return fetch(number);
        }
        byte[] first = new byte[0];
        for (int i = 0; i * BLOCK < raw.length; i++) {
            byte[] block = new byte[length(number + i)];
            System.arraycopy(raw, i * BLOCK, block, 0, block.length);
            keep(number + i, block);
            first = i == 0 ? block : first;
            last = number + i;
        }
        return first;
    }

    private int length(long number) {
        return (int) Math.min(BLOCK, size() - number * BLOCK);
    }

    private void keep(long number, byte[] block) {
        Stripe stripe = stripe(number);
        synchronized (stripe) {
            stripe.put(number, block);
        }
    }

    private Stripe stripe(long number) {
        return stripes[(int) (number % STRIPES)];
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
