package io.varve.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BlockCacheTest {
    private static final int BLOCK = BlockCache.BLOCK;

    /// Every byte can be told from its place; says what was read, and refuses one block.
    private static final class Device implements Bytes {
        private final long size;
        private final List<String> reads = new ArrayList<>();
        private long bad = -1;

        Device(long size) {
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public synchronized void read(long offset, byte[] target, int start, int length) throws IOException {
            reads.add(offset / BLOCK + "+" + (length + BLOCK - 1) / BLOCK);
            if (bad >= 0 && offset <= bad && bad < offset + length) {
                throw new IOException("bad sector at " + bad);
            }
            for (int i = 0; i < length; i++) {
                target[start + i] = at(offset + i);
            }
        }

        static byte at(long offset) {
            return (byte) (offset * 31 + (offset >>> 16) * 7);
        }
    }

    private static void check(Bytes bytes, long offset, int length) throws IOException {
        byte[] found = new byte[length + 2];
        bytes.read(offset, found, 1, length);
        assertThat(found[0]).isZero();
        assertThat(found[length + 1]).isZero();
        for (int i = 0; i < length; i++) {
            if (found[i + 1] != Device.at(offset + i)) {
                throw new AssertionError("byte at %d is wrong".formatted(offset + i));
            }
        }
    }

    @Test
    void small_reads_of_one_block_are_one_read_of_the_source() throws IOException {
        var device = new Device(10 * BLOCK);
        var cache = new BlockCache(device);
        check(cache, 3 * BLOCK + 5, 100);
        check(cache, 3 * BLOCK + 5_000, 100);
        check(cache, 4 * BLOCK - 1, 1);
        assertThat(device.reads).containsExactly("3+1");
    }

    @Test
    void reading_forward_fetches_several_blocks_at_once() throws IOException {
        var device = new Device(30L * BLOCK + 17);
        var cache = new BlockCache(device);
        for (long at = 0; at < device.size(); at += 1_000) {
            check(cache, at, (int) Math.min(1_000, device.size() - at));
        }
        assertThat(device.reads).containsExactly("0+8", "8+8", "16+8", "24+7");
    }

    @Test
    void large_reads_pass_by() throws IOException {
        var device = new Device(30L * BLOCK);
        var cache = new BlockCache(device);
        check(cache, 7, BlockCache.DIRECT);
        check(cache, 7, BlockCache.DIRECT);
        assertThat(device.reads).containsExactly("0+4", "0+4");
    }

    @Test
    void a_bad_block_costs_itself_and_not_the_one_before() throws IOException {
        var device = new Device(10L * BLOCK);
        device.bad = 2L * BLOCK + 9;
        var cache = new BlockCache(device);
        check(cache, 0, 10);
        check(cache, BLOCK, 10);
        assertThatThrownBy(() -> check(cache, 2L * BLOCK, 10)).hasMessageContaining("bad sector");
        check(cache, 3L * BLOCK, 10);
    }

    @Test
    void reads_outside_are_refused() {
        var cache = new BlockCache(new Device(100));
        assertThatThrownBy(() -> cache.read(99, new byte[2], 0, 2)).isInstanceOf(CorruptException.class);
        assertThatThrownBy(() -> cache.read(-1, new byte[2], 0, 2)).isInstanceOf(CorruptException.class);
    }

    @Test
    void memory_is_reused_and_never_mixed_up_between_threads() throws Exception {
        var cache = new BlockCache(new Device(3L * BlockCache.KEPT + 1_234));
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Boolean>> readers = new ArrayList<>();
            for (int seed = 0; seed < 4; seed++) {
                var random = new Random(seed);
                readers.add(() -> {
                    for (int i = 0; i < 3_000; i++) {
                        check(cache, random.nextLong(cache.size() - 300), 300);
                    }
                    return true;
                });
            }
            for (Future<Boolean> done : threads.invokeAll(readers)) {
                assertThat(done.get()).isTrue();
            }
        }
    }
}
