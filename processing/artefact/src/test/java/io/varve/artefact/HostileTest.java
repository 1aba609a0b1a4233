package io.varve.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every fixture cut short and with flipped bytes ends in events or a `CorruptException`: never another exception, a
/// hang or a memory blow-up.
class HostileTest {
    private static final int CUTS = 150;
    private static final int FLIPS = 150;
    private static final Duration LIMIT = Duration.ofSeconds(120);
    /// Bytes that one parse may allocate in all, besides a multiple of the size of the file.
    private static final long ALLOCATION = 256L << 20;

    private static final long ALLOCATION_RATIO = 5_000;

    @TestFactory
    Stream<DynamicTest> fixturesCutShort() {
        return Fixture.all()
                .map(fixture -> DynamicTest.dynamicTest(fixture.toString(), () -> {
                    byte[] whole = fixture.file().bytes();
                    assertTimeoutPreemptively(LIMIT, () -> {
                        for (int i = 0; i <= Math.min(CUTS, whole.length); i++) {
                            int length = (int) ((long) whole.length * i / CUTS);
                            parse(fixture, Arrays.copyOf(whole, length), "cut to " + length);
                        }
                    });
                }));
    }

    @TestFactory
    Stream<DynamicTest> fixturesWithFlippedBytes() {
        return Fixture.all()
                .map(fixture -> DynamicTest.dynamicTest(fixture.toString(), () -> {
                    byte[] whole = fixture.file().bytes();
                    assertTimeoutPreemptively(LIMIT, () -> {
                        for (int seed = 0; seed < FLIPS; seed++) {
                            parse(fixture, flipped(whole, seed), "seed " + seed);
                        }
                    });
                }));
    }

    private static byte[] flipped(byte[] whole, int seed) {
        var random = new Random(seed);
        byte[] copy = whole.clone();
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count && copy.length > 0; i++) {
            copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
        }
        return copy;
    }

    private static void parse(Fixture fixture, byte[] content, String variant) {
        MemoryFile file = fixture.file().with(content);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            fixture.parser().claims(file, file.head());
            CollectingSink.run(fixture.parser(), file, fixture.context());
        } catch (Throwable e) {
            throw new AssertionError("%s, %s".formatted(fixture, variant), e);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("bytes allocated for %s, %s", fixture, variant)
                .isLessThan(ALLOCATION + ALLOCATION_RATIO * content.length);
    }
}
