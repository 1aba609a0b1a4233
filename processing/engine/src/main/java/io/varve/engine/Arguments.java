package io.varve.engine;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The arguments of one command, taken apart as its [Syntax] says: options anywhere among the operands, as `--name
/// value`
/// or `--name=value`, `-o value` or `-ovalue`; after `--` everything is an operand.
///
/// By hand and not by a library: reading annotations took longer than the whole rest of the start.
final class Arguments {
    private final List<String> operands = new ArrayList<>();
    private final Map<String, List<String>> options = new HashMap<>();

    private Arguments() {}

    static Arguments of(Syntax syntax, List<String> given) {
        var arguments = new Arguments();
        int at = 0;
        while (at < given.size()) {
            at += arguments.take(syntax, given, at);
        }
        int count = arguments.operands.size();
        if (count < syntax.least()) {
            throw new UsageException("missing: " + syntax.operands());
        }
        if (count > syntax.most()) {
            throw new UsageException("not understood: " + arguments.operands.get(syntax.most()));
        }
        return arguments;
    }

    /// How many arguments it took.
    private int take(Syntax syntax, List<String> given, int at) {
        String argument = given.get(at);
        if (argument.equals("--")) {
            operands.addAll(given.subList(at + 1, given.size()));
            return given.size() - at;
        }
        if (!argument.startsWith("-") || argument.equals("-")) {
            operands.add(argument);
            return 1;
        }
        String name = name(argument);
        Syntax.Option option = syntax.option(name).orElseThrow(() -> new UsageException("unknown option " + argument));
        boolean attached = name.length() < argument.length();
        if (option.isFlag()) {
            if (attached) {
                throw new UsageException(name + " takes no value");
            }
            add(option, "");
            return 1;
        }
        if (attached) {
            add(option, argument.substring(name.length() + (argument.startsWith("--") ? 1 : 0)));
            return 1;
        }
        if (at + 1 == given.size()) {
            throw new UsageException("%s wants %s".formatted(name, option.value()));
        }
        add(option, given.get(at + 1));
        return 2;
    }

    private static String name(String argument) {
        if (!argument.startsWith("--")) {
            return argument.substring(0, 2);
        }
        int equals = argument.indexOf('=');
        return equals < 0 ? argument : argument.substring(0, equals);
    }

    private void add(Syntax.Option option, String value) {
        List<String> values = options.computeIfAbsent(option.name(), name -> new ArrayList<>());
        if (!values.isEmpty() && !option.repeated()) {
            throw new UsageException(option.name() + " is given twice");
        }
        values.add(value);
    }

    List<String> operands() {
        return operands;
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    List<String> all(String option) {
        return options.getOrDefault(option, List.of());
    }

    Optional<String> one(String option) {
        return all(option).stream().findFirst();
    }

    Optional<Path> path(String option) {
        return one(option).map(text -> {
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new UsageException("%s %s is not a path: %s".formatted(option, text, e.getReason()));
            }
        });
    }

    Optional<Long> number(String option) {
        return one(option).map(text -> {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new UsageException("%s %s is not a number".formatted(option, text));
            }
        });
    }
}
