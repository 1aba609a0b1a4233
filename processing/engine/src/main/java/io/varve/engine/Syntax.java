package io.varve.engine;

import java.util.List;
import java.util.Optional;

/// How a command is called: its operands and its options. Its help is made from this.
///
/// @param about one sentence in the user's words
/// @param operands as the help shows them
/// @param least operands that must be there
/// @param most operands that may be there
record Syntax(String command, String about, String operands, int least, int most, List<Option> options) {
    static final int ANY_NUMBER = Integer.MAX_VALUE;

    private static final int COLUMN = 30;

    /// @param name with its dashes
    /// @param value as the help shows it; empty for an option without a value
    /// @param repeated whether it may be given more than once
    record Option(String name, String value, String about, boolean repeated) {
        static Option flag(String name, String about) {
            return new Option(name, "", about, false);
        }

        static Option one(String name, String value, String about) {
            return new Option(name, value, about, false);
        }

        static Option several(String name, String value, String about) {
            return new Option(name, value, about, true);
        }

        boolean isFlag() {
            return value.isEmpty();
        }
    }

    Optional<Option> option(String name) {
        return options.stream().filter(option -> option.name().equals(name)).findFirst();
    }

    String help() {
        var text = new StringBuilder("Usage: varve %s %s [OPTION...]%n%n%s%n%n".formatted(command, operands, about));
        for (Option option : options) {
            line(text, option.name() + (option.isFlag() ? "" : " " + option.value()), option.about());
        }
        line(text, "-h, --help", "this text");
        return text.toString();
    }

    private static void line(StringBuilder text, String option, String about) {
        text.append("  ").append(option);
        text.repeat(' ', Math.max(2, COLUMN - option.length()));
        text.append(about).append(System.lineSeparator());
    }
}
