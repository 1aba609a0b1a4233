package io.varve.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("custody")
final class CanonicalJsonTest {
    @Test
    void strings_are_written_as_the_example_of_rfc_8785_section_3_2_2() {
        assertThat(text("\u20ac$\u000f\nA'B\"\\\\\"/")).isEqualTo("\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
    }

    @Test
    void keys_are_sorted_as_the_example_of_rfc_8785_section_3_2_3() {
        Map<String, String> example = Map.of(
                "\u20ac", "Euro Sign",
                "\r", "Carriage Return",
                "\ufb33", "Hebrew Letter Dalet With Dagesh",
                "1", "One",
                "\ud83d\ude00", "Emoji: Grinning Face",
                "\u0080", "Control",
                "\u00f6", "Latin Small Letter O With Diaeresis");
        assertThat(text(example))
                .isEqualTo("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                        + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                        + "\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    @Test
    void half_a_surrogate_pair_becomes_the_replacement_character() {
        assertThat(text("a\ud83db\ude00c\ud83d\ude00")).isEqualTo("\"a\ufffdb\ufffdc\ud83d\ude00\"");
    }

    @Test
    void a_name_that_comes_twice_is_refused() {
        assertThatThrownBy(() ->
                        CanonicalJson.read("{\"a\":\"1\",\"a\":\"2\"}".getBytes(StandardCharsets.UTF_8), Map.class))
                .isInstanceOf(IOException.class);
    }

    private static String text(Object value) {
        return new String(CanonicalJson.write(value), StandardCharsets.UTF_8);
    }
}
