package io.varve.engine.child;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// Evidence at the other end of the pipe, in blocks of [#BLOCK] bytes, the last [#KEPT] of them kept. Reading forward
/// asks for [#AHEAD] blocks at once.
final class PipeBytes implements Bytes {
    static final int BLOCK = 1 << 20;
    static final int AHEAD = 4;
    private static final int KEPT = 16;

    private final Pipe pipe;
    private final long size;
    private final Map<Long, byte[]> blocks = new LinkedHashMap<>(KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
            return size() > KEPT;
        }
    };
    private long last = -1;

    PipeBytes(Pipe pipe, long size) {
        this.pipe = pipe;
        this.size = size;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public synchronized void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
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
        byte[] kept = blocks.get(number);
        if (kept != null) {
            return kept;
        }
        int count = number == last + 1 ? AHEAD : 1;
        long start = number * BLOCK;
        byte[] raw = pipe.block(start, (int) Math.min((long) count * BLOCK, size - start));
        for (int i = 0; i * BLOCK < raw.length; i++) {
            int end = Math.min(raw.length, (i + 1) * BLOCK);
            blocks.put(number + i, java.util.Arrays.copyOfRange(raw, i * BLOCK, end));
            last = number + i;
        }
        byte[] block = blocks.get(number);
        if (block == null) {
            throw new IOException("no block %d".formatted(number));
        }
        return block;
    }
}
