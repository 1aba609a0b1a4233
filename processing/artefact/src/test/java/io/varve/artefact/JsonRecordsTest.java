package io.varve.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.varve.binary.CorruptException;
import io.varve.event.EventData;
import io.varve.event.RecordLocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonRecordsTest {
    private final List<String> complaints = new ArrayList<>();

    @Test
    void a_list_is_read_alone_or_as_the_first_value_of_an_object() throws IOException {
        assertThat(ids("[{\"id\":1},{\"id\":2}]")).containsExactly("1", "2");
        assertThat(ids("\ufeff{ \"Records\" : [\n {\"id\":1} ,\n {\"id\":2} ],\"next\":[{\"id\":3}]}"))
                .containsExactly("1", "2");
        assertThat(ids("{\"Records\":[]}")).isEmpty();
        assertThat(complaints).isEmpty();
    }

    @Test
    void brackets_and_quotes_inside_texts_are_no_ends() throws IOException {
        assertThat(ids("[{\"t\":\"}]\\\"}\\\\\",\"id\":1},{\"id\":2}]")).containsExactly("1", "2");
        assertThat(complaints).isEmpty();
    }

    @Test
    void objects_may_lie_across_the_blocks_that_are_read() throws IOException {
        int count = 20_000;
        String list = IntStream.range(0, count)
                .mapToObj(i -> "{\"id\":%d,\"text\":\"%s\"}".formatted(i, "x".repeat(i % 50)))
                .collect(Collectors.joining(",", "{\"Records\":[", "]}"));
        assertThat(ids(list)).hasSize(count).doesNotHaveDuplicates();
        assertThat(complaints).isEmpty();
    }

    @Test
    void a_broken_object_costs_that_object() throws IOException {
        assertThat(ids("[{\"id\":1},{\"id\":2x},{\"id\":3}]")).containsExactly("1", "3");
        assertThat(ids("[{\"id\":1},{\"id\":\"2},{\"id\":3},{\"id\":4}]")).containsExactly("1", "3", "4");
        assertThat(ids("[{\"id\":1},{\"id\":[2},{\"id\":3}]")).containsExactly("1", "3");
        assertThat(ids("[{\"id\":1},null,{\"id\":3}]")).containsExactly("1", "3");
        assertThat(ids("[{\"id\":1},\u0000\u0001,{\"id\":3}]")).containsExactly("1", "3");
        assertThat(complaints).filteredOn(text -> text.startsWith("rejected")).hasSize(5);
        assertThat(complaints).hasSize(5);
    }

    @Test
    void a_list_that_is_cut_keeps_what_was_whole() throws IOException {
        assertThat(ids("[{\"id\":1},{\"id\":2},{\"id\"")).containsExactly("1", "2");
        assertThat(complaints).hasSize(2).last().asString().endsWith("the list has no end");
    }

    @Test
    void an_object_longer_than_the_limit_is_passed_over() throws IOException {
        String tooLong = "{\"id\":\"" + "x".repeat(2 << 20) + "\"}";
        assertThat(ids("[{\"id\":1}," + tooLong + ",{\"id\":3}]")).containsExactly("1", "3");
        assertThat(complaints).hasSize(1);
    }

    @Test
    void a_file_of_beginnings_without_ends_is_given_up() throws IOException {
        CollectingComplaints sink = new CollectingComplaints();
        String beginnings = "[" + "{\"id\":[".repeat(1 << 20);
        assertThat(catchThrowable(() -> read(beginnings, sink, new ArrayList<>())))
                .isInstanceOf(CorruptException.class);
    }

    @Test
    void what_is_no_list_is_corrupt() {
        for (String text : List.of("", "{", "{}", "{\"a\":1}", "1", "\"")) {
            assertThat(catchThrowable(() -> ids(text))).as(text).isInstanceOf(CorruptException.class);
        }
    }

    private List<String> ids(String json) throws IOException {
        var ids = new ArrayList<String>();
        read(json, new CollectingComplaints(), ids);
        return ids;
    }

    private static void read(String json, EventSink sink, List<String> ids) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        JsonRecords.read(new MemoryFile("/list.json", bytes), sink, (line, raw) -> {
            String there = new String(bytes, (int) raw.offset(), raw.raw().length, StandardCharsets.UTF_8);
            assertThat(there).startsWith("{").endsWith("}");
            ids.add(line.required("id"));
        });
    }

    private final class CollectingComplaints implements EventSink {
        @Override
        public void record(RecordLocator where, EventData... data) {
            throw new AssertionError();
        }

        @Override
        public void rejected(long offset, String reason) {
            complaints.add("rejected " + reason);
        }

        @Override
        public void warning(long offset, String reason) {
            complaints.add("warning " + reason);
        }
    }
}
