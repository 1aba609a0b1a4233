package io.varve.provider.image;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A disk in memory that counts how often each block is read.
final class FakeDisk implements BlockSource {
    static final int BLOCK = 64 << 10;

    private final String name;
    private final byte[] content;
    private final BitSet written = new BitSet();
    private final Map<Integer, AtomicInteger> reads = new ConcurrentHashMap<>();
    private final CountDownLatch open;
    private volatile int failAfter = Integer.MAX_VALUE;
    private final AtomicInteger total = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();

    private FakeDisk(String name, byte[] content, CountDownLatch open) {
        this.name = name;
        this.content = content;
        this.open = open;
    }

    /// Every third block was never written, and block 1 was written with zeros.
    static FakeDisk of(String name, int blocks) {
        return gated(name, blocks, new CountDownLatch(0));
    }

    /// Blocks are answered when the latch opens.
    static FakeDisk gated(String name, int blocks, CountDownLatch open) {
        var disk = new FakeDisk(name, new byte[blocks * BLOCK], open);
        var random = new Random(name.hashCode());
        byte[] block = new byte[BLOCK];
        for (int i = 0; i < blocks; i++) {
            if (i % 3 != 2) {
                disk.written.set(i);
                random.nextBytes(block);
                System.arraycopy(block, 0, disk.content, i * BLOCK, i == 1 ? 0 : BLOCK);
            }
        }
        return disk;
    }

    void failAfter(int blocks) {
        failAfter = blocks;
    }

    byte[] content() {
        return content;
    }

    int reads() {
        return total.get();
    }

    int mostReadsOfOneBlock() {
        return reads.values().stream().mapToInt(AtomicInteger::get).max().orElse(0);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        return content.length;
    }

    @Override
    public int blockSize() {
        return BLOCK;
    }

    @Override
    public BitSet written() {
        return (BitSet) written.clone();
    }

    @Override
    public byte[] read(int block) throws ProviderException, InterruptedException {
        if (!written.get(block)) {
            throw new AssertionError("block " + block + " was never written");
        }
        open.await();
        if (total.get() >= failAfter) {
            throw new ProviderException(Kind.FAILED, "the disk is away");
        }
        total.incrementAndGet();
        reads.computeIfAbsent(block, any -> new AtomicInteger()).incrementAndGet();
        return Arrays.copyOfRange(content, block * BLOCK, (block + 1) * BLOCK);
    }

    @Override
    public Map<String, String> about() {
        // each process may list the same facts in another order
        var about = new LinkedHashMap<String, String>();
        String first = asked.getAndIncrement() % 2 == 0 ? "snapshot" : "volume";
        about.put(first, "of-" + name);
        about.put("snapshot", "of-" + name);
        about.put("volume", "of-" + name);
        return about;
    }

    @Override
    public void close() {}
}
