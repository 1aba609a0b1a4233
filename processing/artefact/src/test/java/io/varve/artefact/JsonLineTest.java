package io.varve.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.binary.CorruptException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonLineTest {
    @Test
    void objects_become_dotted_names_and_lists_of_objects_lists_of_values() {
        JsonLine line =
                line("{\"a\":{\"b\":1,\"none\":null},\"items\":[{\"id\":1,\"tags\":[\"x\",\"y\"]},{\"id\":2},[3]]}");
        assertThat(line.text("a.b")).isEqualTo("1");
        assertThat(line.list("items.id")).containsExactly("1", "2");
        assertThat(line.list("items.tags")).containsExactly("x", "y");
        assertThat(line.list("items")).containsExactly("3");
        assertThat(line.names()).containsExactly("a.b", "items.id", "items.tags", "items");
    }

    @Test
    void the_last_of_two_values_with_the_same_name_counts() {
        JsonLine line = line("{\"a\":1,\"a\":2,\"a\":[3],\"b\":[4],\"b\":5}");
        assertThat(line.text("a")).isEqualTo("3");
        assertThat(line.text("b")).isEqualTo("5");
    }

    @Test
    void what_is_too_deep_or_named_too_long_is_left_out_and_the_rest_kept() {
        String deep = "{\"x\":".repeat(500) + "1" + "}".repeat(500);
        JsonLine line = line("{\"deep\":%s,\"%s\":1,\"after\":2}".formatted(deep, "n".repeat(2_000)));
        assertThat(line.names()).containsExactly("after");
        assertThat(line.isCut()).isTrue();
    }

    @Test
    void values_are_kept_to_a_bound() {
        String many = IntStream.range(0, 100_000).mapToObj(String::valueOf).collect(Collectors.joining(",", "[", "]"));
        JsonLine line = line("{\"first\":1,\"many\":%s,\"last\":1}".formatted(many));
        assertThat(line.list("many")).hasSizeBetween(1_000, 50_000);
        assertThat(line.text("first")).isEqualTo("1");
        assertThat(line.isCut()).isTrue();
        assertThat(line("{\"a\":{\"b\":[{\"c\":1}]}}").isCut()).isFalse();
    }

    @Test
    void what_is_no_object_is_corrupt() {
        for (String text : new String[] {"", "1", "[1]", "{", "{\"a\":[", "{\"a\":1}{", "[".repeat(5_000)}) {
            assertThatThrownBy(() -> line(text)).as(text).isInstanceOf(CorruptException.class);
        }
    }

    private static JsonLine line(String json) {
        return JsonLine.of(json.getBytes(StandardCharsets.UTF_8));
    }
}
