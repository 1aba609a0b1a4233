package io.varve.disk.filesystem.sleuthkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.disk.Problems;
import io.varve.disk.filesystem.Node;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What is missing from a folder that the native process lists is told.
class SleuthKitListTest {
    private final List<String> lost = new ArrayList<>();
    private final List<Node> names = new ArrayList<>();

    private final Problems problems = new Problems() {
        @Override
        public void lost(OptionalLong offset, String reason) {
            lost.add(reason);
        }

        @Override
        public void noted(String reason) {
            throw new AssertionError(reason);
        }
    };

    /// An answer as the child gives it, of entries without metadata.
    private static DataInputStream answer(int unreadable, String reason, String... names) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeInt(unreadable);
        out.writeUTF(reason);
        for (String name : names) {
            byte[] raw = name.getBytes(StandardCharsets.UTF_8);
            out.writeInt(raw.length);
            out.write(raw);
            out.writeLong(17);
            out.writeInt(5);
            out.writeInt(2);
            out.writeBoolean(false);
        }
        return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    }

    private void read(DataInputStream answer, int most) throws IOException {
        var process = new SleuthKitProcess(io.varve.binary.Bytes.of(new byte[0]), 0, false);
        try (var files = new SleuthKitFileSystem(process, "fat16", Optional.empty(), 2, 9, Optional.empty())) {
            files.entries(answer, 2, most, names::add, problems);
        }
    }

    @Test
    void entries_that_libtsk_cannot_give_are_lost_and_the_others_are_there() throws IOException {
        read(answer(3, "Invalid cluster 77", "A", "B"), 100);
        assertThat(names).extracting(Node::name).containsExactly("A", "B");
        assertThat(lost).singleElement().asString().contains("3 names in folder 2", "Invalid cluster 77");
    }

    @Test
    void names_past_the_limit_are_lost() throws IOException {
        read(answer(0, "", "A", "B", "C"), 2);
        assertThat(names).hasSize(2);
        assertThat(lost).singleElement().asString().contains("more than 2 names");
    }

    @Test
    void a_whole_folder_loses_nothing() throws IOException {
        read(answer(0, "", "A", "B"), 2);
        assertThat(names).hasSize(2);
        assertThat(lost).isEmpty();
    }
}
