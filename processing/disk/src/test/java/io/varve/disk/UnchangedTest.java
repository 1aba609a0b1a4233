package io.varve.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class UnchangedTest {
    private final Unchanged known = new Unchanged();

    private static Entry entry(String path, long inode, long size, long modified) {
        return new Entry(
                Optional.of("p1"),
                path,
                Type.FILE,
                size,
                OptionalLong.of(inode),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Times.modified(Optional.of(EventTime.utc(modified, 0, Precision.SECOND))),
                Optional.empty());
    }

    @Test
    void the_same_name_with_the_same_metadata_is_known_in_any_volume() {
        known.add(entry("/a", 5, 10, 100));
        assertThat(known.contains(entry("/a", 5, 10, 100))).isTrue();
        assertThat(known.contains(entry("/a", 5, 10, 100).withVolume("p1@shadow1")))
                .isTrue();
    }

    @Test
    void another_path_address_size_or_time_is_not() {
        known.add(entry("/a", 5, 10, 100));
        assertThat(known.contains(entry("/b", 5, 10, 100))).isFalse();
        assertThat(known.contains(entry("/a", 6, 10, 100))).isFalse();
        assertThat(known.contains(entry("/a", 5, 11, 100))).isFalse();
        assertThat(known.contains(entry("/a", 5, 10, 101))).isFalse();
    }

    @Test
    void nothing_is_forgotten_and_nothing_invented_while_the_table_grows() {
        for (int i = 0; i < 100_000; i++) {
            known.add(entry("/folder/" + i, i, i % 7, i % 11));
        }
        for (int i = 0; i < 100_000; i++) {
            assertThat(known.contains(entry("/folder/" + i, i, i % 7, i % 11))).isTrue();
            assertThat(known.contains(entry("/folder/" + i, i + 1, i % 7, i % 11)))
                    .isFalse();
        }
    }
}
