package io.varve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private static final Syntax SYNTAX = new Syntax(
            "read",
            "Reads.",
            "FILE...",
            1,
            2,
            List.of(
                    Syntax.Option.one("-o", "FILE", "where to"),
                    Syntax.Option.one("--limit", "BYTES", "how much"),
                    Syntax.Option.several("--key", "KEY", "a key"),
                    Syntax.Option.flag("--all", "all of it")));

    private static Arguments of(String... given) {
        return Arguments.of(SYNTAX, List.of(given));
    }

    @Test
    void options_stand_anywhere_and_values_follow_or_are_attached() {
        Arguments arguments = of("a", "--limit=12", "-o", "x", "--all", "--key", "k=1", "--key=k2", "b");
        assertThat(arguments.operands()).containsExactly("a", "b");
        assertThat(arguments.number("--limit")).contains(12L);
        assertThat(arguments.one("-o")).contains("x");
        assertThat(of("a", "-ox").one("-o")).contains("x");
        assertThat(arguments.has("--all")).isTrue();
        assertThat(arguments.all("--key")).containsExactly("k=1", "k2");
    }

    @Test
    void what_follows_two_dashes_is_no_option() {
        assertThat(of("--", "--all", "-o").operands()).containsExactly("--all", "-o");
    }

    @Test
    void a_single_dash_is_an_operand() {
        assertThat(of("-").operands()).containsExactly("-");
    }

    @Test
    void what_is_not_understood_is_named() {
        refused("missing: FILE...");
        refused("not understood: c", "a", "b", "c");
        refused("unknown option --al", "a", "--al");
        refused("--limit wants BYTES", "a", "--limit");
        refused("--limit is given twice", "a", "--limit", "1", "--limit", "2");
        refused("--all takes no value", "a", "--all=yes");
        assertThatThrownBy(() -> of("a", "--limit", "much").number("--limit"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--limit much is not a number");
    }

    @Test
    void the_help_names_every_option() {
        assertThat(SYNTAX.help())
                .contains("Usage: varve read FILE...", "-o FILE", "--limit BYTES", "--key KEY", "--all", "--help");
    }

    private static void refused(String message, String... given) {
        assertThatThrownBy(() -> of(given)).isInstanceOf(UsageException.class).hasMessage(message);
    }
}
