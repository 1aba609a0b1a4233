package io.varve.disk.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("disks")
class RunsTest {
    private static final Absent GONE = new Absent(0, "test", "the second disk is missing", "add it");

    @Test
    void runs_join_bytes_zeros_and_what_is_missing() throws Exception {
        byte[] source = new byte[1000];
        new Random(1).nextBytes(source);
        Bytes runs = Runs.builder()
                .add(Bytes.of(source), 100, 50)
                .zeros(30)
                .zeros(20)
                .add(Bytes.of(source), 0, 100)
                .add(Bytes.of(source), 950, 100, GONE)
                .add(Bytes.of(source), 0, 10)
                .build();
        assertThat(runs.size()).isEqualTo(310);
        byte[] read = new byte[250];
        runs.read(0, read, 0, 250);
        for (int i = 0; i < 250; i++) {
            byte expected = i < 50 ? source[100 + i] : i < 100 ? 0 : i < 200 ? source[i - 100] : source[750 + i];
            assertThat(read[i]).isEqualTo(expected);
        }
        runs.read(300, read, 0, 10);
        assertThat(runs.zeros(60)).isEqualTo(20);
        assertThat(runs.zeros(80)).isEqualTo(20);
        assertThat(runs.zeros(10)).isZero();
        assertThatThrownBy(() -> runs.read(245, read, 0, 10))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("the second disk is missing");
        assertThatThrownBy(() -> runs.read(305, read, 0, 10)).isInstanceOf(CorruptException.class);
    }

    @Test
    void a_run_that_goes_on_is_one_run() throws Exception {
        Bytes source = Bytes.of(new byte[100]);
        var builder = Runs.builder();
        for (int i = 0; i < 10; i++) {
            builder.add(source, i * 10, 10);
        }
        byte[] read = new byte[100];
        builder.build().read(0, read, 0, 100);
        assertThat(builder.size()).isEqualTo(100);
    }

    @Test
    void sizes_do_not_overflow() {
        var builder = Runs.builder().zeros(Long.MAX_VALUE);
        assertThatThrownBy(() -> builder.zeros(1)).isInstanceOf(CorruptException.class);
    }
}
