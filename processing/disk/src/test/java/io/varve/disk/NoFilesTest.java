package io.varve.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NoFilesTest {
    /// Zeros but for one byte, of a device that knows none, some or all of its holes.
    private record Device(long size, long somewhere, long hole) implements Bytes {
        @Override
        public void read(long offset, byte[] target, int start, int length) {
            check(offset, length, "read");
            Arrays.fill(target, start, start + length, (byte) 0);
            if (somewhere >= offset && somewhere < offset + length) {
                target[start + (int) (somewhere - offset)] = 1;
            }
        }

        @Override
        public long zeros(long offset) {
            return offset >= hole ? size - offset : 0;
        }
    }

    private static final long NOWHERE = Long.MAX_VALUE;

    @Test
    void zeros_to_the_end_are_empty() throws IOException {
        assertThat(NoFiles.in("0x83", new Device(100L << 20, NOWHERE, NOWHERE)))
                .contains("empty: all its bytes are zeros");
        assertThat(NoFiles.in("0x83", new Device(1L << 40, NOWHERE, 4096))).contains("empty: all its bytes are zeros");
    }

    @Test
    void a_byte_after_the_first_64_mib_is_found() throws IOException {
        assertThat(NoFiles.in("0x83", new Device(128L << 20, (100L << 20) + 5, NOWHERE)))
                .isEmpty();
    }

    @Test
    void of_a_large_device_it_is_said_how_much_was_looked_at() throws IOException {
        assertThat(NoFiles.in("0x83", new Device(1L << 40, NOWHERE, NOWHERE)).orElseThrow())
                .contains("as far as it was looked at")
                .contains("its first 67108864 bytes")
                .contains("was not read");
    }

    @Test
    void swap_and_kinds_without_files_are_no_loss() throws IOException {
        byte[] swap = new byte[8192];
        System.arraycopy("SWAPSPACE2".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, swap, 4086, 10);
        assertThat(NoFiles.in("0x82", Bytes.of(swap)).orElseThrow()).contains("swap");
        assertThat(NoFiles.in("BIOS boot", Bytes.of(new byte[] {1})).orElseThrow())
                .contains("by its kind");
    }
}
